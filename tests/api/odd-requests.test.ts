import http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, type Customer, eventually, startApp } from "../app";
import { signedIn } from "../signed-in";
import { type Visitor, visitor } from "../visitor";

let app: App;
let customer: Customer;
let user: Visitor;
let managementKey: string;

beforeAll(async () => {
  app = await startApp();
  customer = await app.customer("1");
  user = await signedIn(app, customer.email);
  ({ key: managementKey } = await app.admin("key", "create", "--user", customer.email, "--management"));
});
afterAll(() => app.stop());

type Answer = { status: number; headers: http.IncomingHttpHeaders; text: string };

/** Byte for byte as it is written here: `fetch` would mend the path, and does not send every method. */
const send = (method: string, path: string) =>
  new Promise<Answer>((resolve, reject) => {
    const request = http.request(app.url, { method, path }, (response) => {
      let text = "";
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("error", reject).end();
  });

async function manage(method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${managementKey}`, "content-type": "application/json" };
  const answer = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

describe("an address that is not there", () => {
  test.each(["/api", "/api/nope", "/api/v1", "/api/v1/nope", "/api/v2/keys", "/api/v1/%E0%A4%A", "/api/%ff/x?a=%ff"])(
    "%s answers in the API's words",
    async (path) => {
      const { status, text } = await send("GET", path);
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 404, metadata: { error_type: "not_found" } } });
    },
  );

  test.each(["/%E0%A4%A", "/models/%E0", "/models/a/%ff"])("%s is a page that is not there", async (path) => {
    const { status, text } = await send("GET", path);
    expect(status).toBe(404);
    expect(text).toContain("<html");
  });
});

describe("a method that an address does not take", () => {
  test.each([
    ["PUT", "/api/v1/keys", "GET, POST, OPTIONS"],
    ["POST", "/api/v1/models", "GET, OPTIONS"],
    ["GET", "/api/v1/chat/completions", "POST, OPTIONS"],
    ["DELETE", "/api/v1/generation", "GET, OPTIONS"],
    ["POST", "/api/v1/byok/1", "GET, PATCH, DELETE, OPTIONS"],
  ])("%s %s is refused in the API's words", async (method, path, allow) => {
    const { status, text, headers } = await send(method, path);
    expect(status).toBe(405);
    expect(headers.allow).toBe(allow);
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(JSON.parse(text)).toMatchObject({ error: { code: 405, metadata: { error_type: "method_not_allowed" } } });
  });

  test("TRACE is refused, and nothing of the request comes back", async () => {
    for (const path of ["/api/v1/keys", "/overview"])
      expect(await send("TRACE", path)).toMatchObject({ status: 405, text: "" });
  });
});

describe("what no column can hold is the caller's fault, and is told him", () => {
  const nul = "a\u0000b";
  test.each([
    ["POST", "/keys", { name: nul }],
    ["POST", "/keys", { name: "x", allowed_models: [nul] }],
    ["POST", "/keys", { name: "x", expires_at: "0000-01-01T00:00:00Z" }],
    ["POST", "/keys", { name: "x", expires_at: "1970-01-01T00:00:00+10:00" }],
    ["POST", "/keys", { name: "x", expires_at: "9999-12-31T23:59:59-10:00" }],
    ["POST", "/keys", { name: "x", expires_at: "10000-01-01T00:00:00Z" }],
    ["PATCH", "/keys/:hash", { expires_at: "0000-01-01T00:00:00Z" }],
    ["PATCH", "/keys/:hash", { allowed_models: [nul] }],
    ["POST", "/byok", { provider: nul, key: "k" }],
    ["POST", "/byok", { provider: "openai", key: "sk-0123456789", name: nul }],
    ["POST", "/byok", { provider: "openai", key: "sk-0123456789", allowed_models: [nul] }],
    ["GET", "/byok?provider=%00", undefined],
  ])("%s %s %j", async (method, path, body) => {
    const answer = await manage(method, path.replace(":hash", customer.hash), body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 400 } } });
  });

  test("the years 1970 to 9999 can be held", async () => {
    for (const at of ["1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])
      expect(await manage("POST", "/keys", { name: "x", expires_at: at })).toMatchObject({
        status: 201,
        body: { data: { expires_at: at } },
      });
  });

  test("nor does a form get an excuse for it", async () => {
    const key = { name: "a", limit: "", reset: "none", includeByok: false, allowedModels: [] };
    for (const wrong of [{ expiresAt: "0000-01-01T00:00:00Z" }, { expiresAt: null, allowedModels: [nul] }]) {
      const { result } = await user.action("editKey", { ...key, hash: customer.hash, ...wrong });
      expect(result).toMatchObject({ ok: false, message: "Check what you entered." });
    }
  });
});

test("no cache on the way keeps what the API answers", async () => {
  for (const [path, key] of [
    ["/key", customer.key],
    ["/keys", managementKey],
    ["/nope", ""],
  ] as const) {
    const { headers } = await fetch(`${app.url}/api/v1${path}`, { headers: { "x-api-key": key } });
    expect(headers.get("cache-control"), path).toBe("private, no-store");
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
  }
});

test.each([
  "/keys?page=1e300",
  "/keys/management?page=Infinity",
  "/credits/payments?page=1e300",
  "/credits/ledger?from=0000-01-01",
  "/credits/ledger?until=9999-12-31",
  "/credits/ledger/export?from=0000-01-01",
  "/credits/ledger/export?until=9999-12-31",
  "/sign-in?error=__proto__",
  "/sign-in?error=constructor",
])("%s is as if the part that makes no sense were not there", async (path) => {
  const page = await user.page(path);
  expect(page.status).toBe(200);
  // What React says of a part that failed, before the frame is out and after.
  expect(await page.text()).not.toMatch(/data-dgst|\$RX\(/);
});

test("a page that fails is told in one line, without the statement, nor what the visitor put into it", async () => {
  await app.sql`alter table sessions rename to gone`;
  try {
    const before = app.output().length;
    const token = "f".repeat(43);
    const someone = visitor(app);
    someone.cookies.set("session", token);
    await someone.page("/overview").then((page) => page.text());
    const said = await eventually(
      async () => app.output().slice(before),
      (text) => text.includes("digest"),
    );
    const lines = said.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).level)).toContain("error");
    expect(said).toContain('relation \\"sessions\\" does not exist');
    expect(said).not.toMatch(/select |Failed query|params/);
  } finally {
    await app.sql`alter table gone rename to sessions`;
  }
});
