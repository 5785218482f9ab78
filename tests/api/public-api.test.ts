import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "@/lib/gateway/operation";
import { operations } from "@/lib/gateway/operations";
import { startStandIns } from "../../scripts/stand-ins/start.mjs";
import { type App, type Customer, eventually, startApp } from "../app";

const MOST_BYTES = 65_536;

let app: App;
let standIns: Awaited<ReturnType<typeof startStandIns>>;
let customer: Customer;
let management: string;
let base: string;

beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 1 });
  app = await startApp({
    env: {
      ...{ OPENAI_API_KEY: "stand-in", OPENAI_BASE_URL: standIns.openai, MAX_BODY_BYTES: String(MOST_BYTES) },
      ...{ ANTHROPIC_API_KEY: "stand-in", ANTHROPIC_BASE_URL: standIns.anthropic },
    },
  });
  base = `${app.url}/api/v1`;
  customer = await app.customer("10");
  ({ key: management } = await app.admin("key", "create", "--user", customer.email, "--management"));
  const messages = [{ role: "system", content: "Be brief." }];
  await call("POST", "/presets/brief-writer/chat/completions", { model: "openai/gpt-4o-mini", messages }, customer.key);
});
afterAll(async () => {
  await app.stop();
  await standIns.stop();
});

async function call(method: string, path: string, body?: object, key = management) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API, read field by field
  return (await answer.json()) as any;
}

const verifier = "v".repeat(64);

/** What the reader of an example would put into his shell, fresh for each. */
const variables: Record<string, () => Promise<string>> = {
  OPENROUTER_BASE_URL: async () => base,
  OPENROUTER_API_KEY: async () => customer.key,
  OPENROUTER_MANAGEMENT_KEY: async () => management,
  KEY_HASH: async () => (await call("POST", "/keys", { name: "made" })).data.hash,
  GUARDRAIL_ID: async () => (await call("POST", "/guardrails", { name: "made" })).data.id,
  PROVIDER_KEY_ID: async () => (await call("POST", "/byok", { provider: "openai", key: "sk-0123456789" })).data.id,
  GENERATION_ID: async () => {
    const body = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] };
    const { id } = await call("POST", "/chat/completions", body, customer.key);
    await eventually(
      () => app.sql`select 1 from generations where id = ${id}`,
      (rows) => rows.length > 0,
    );
    return id;
  },
  STREAMED_GENERATION_ID: async () => {
    const answer = await fetch(`${base}/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${customer.key}`,
        "content-type": "application/json",
        "x-openrouter-resumable": "true",
      },
      body: JSON.stringify({
        ...{ model: "openai/gpt-4o-mini", stream: true, messages: [{ role: "user", content: "Hello" }] },
      }),
    });
    await answer.text();
    return answer.headers.get("x-generation-id") ?? "";
  },
  CODE: async () => {
    const code_challenge = createHash("sha256").update(verifier).digest("base64url");
    return (await call("POST", "/auth/keys/code", { callback_url: "http://localhost/", code_challenge })).data.id;
  },
  CODE_VERIFIER: async () => verifier,
};

describe("the examples of the document", () => {
  type Documented = { operationId: string; "x-codeSamples": { source: string }[] };
  let told: Record<string, Record<string, Documented>>;
  beforeAll(async () => {
    told = (await (await fetch(`${app.url}/openapi.json`)).json()).paths;
  });

  test.each(operations.map((operation) => [operation.at, operation] as [string, Operation]))(
    "%s runs in a shell, and is answered as the document says",
    async (at, { status = 200, reply, event }) => {
      const [method = "", path = ""] = at.split(" ");
      const source = told[path]?.[method.toLowerCase()]?.["x-codeSamples"][0]?.source ?? "";
      const env: Record<string, string> = { PATH: process.env.PATH ?? "" };
      for (const [, name = ""] of source.matchAll(/\$([A-Z_]+)/g)) env[name] ??= (await variables[name]?.()) ?? "";
      const { stdout } = await promisify(execFile)("sh", ["-c", `${source} -sS -w '\\n%{http_code}'`], {
        env: env as NodeJS.ProcessEnv,
      });
      const cut = stdout.lastIndexOf("\n");
      expect({ status: Number(stdout.slice(cut + 1)), text: stdout.slice(0, cut) }).toMatchObject({ status });
      if (!reply) {
        const events = [...stdout.matchAll(/^data: (\{.*\})$/gm)].map(([, data = ""]) => JSON.parse(data));
        expect(events.length).toBeGreaterThan(1);
        return expect(events.map((one) => event?.safeParse(one).success)).not.toContain(false);
      }
      const json = JSON.parse(stdout.slice(0, cut));
      // A field that is answered and not told of is left out by the schema.
      expect(reply.parse(json)).toEqual(json);
    },
  );

  test("the same document is served below /api/v1, and not sent twice", async () => {
    const [site, api] = await Promise.all([fetch(`${app.url}/openapi.json`), fetch(`${base}/openapi.json`)]);
    expect(await site.text()).toBe(await api.text());
    for (const { headers } of [site, api]) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("cache-control")).toMatch(/^public/);
    }
    const etag = api.headers.get("etag") ?? "";
    expect((await fetch(`${base}/openapi.json`, { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await fetch(`${base}/models`, { headers: { "if-none-match": "*" } })).status).toBe(304);
  });
});

/** By the server's own mount, by Next's, by a route for nobody in particular, and by one that there is not. */
const doors = [
  ["POST", "/chat/completions"],
  ["PATCH", "/keys/x"],
  ["POST", "/auth/keys"],
  ["GET", "/models"],
  ["PUT", "/models"],
  ["GET", "/nothing"],
] as const;

describe.each(doors)("%s %s from a page of another site", (method, path) => {
  test("the browser is told that it may, with any header, and without cookies", async () => {
    const asked = "authorization,content-type,x-stainless-lang,http-referer,x-my-own";
    const answer = await fetch(base + path, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.test",
        "access-control-request-method": method,
        "access-control-request-headers": asked,
      },
    });
    expect(answer.status).toBe(204);
    const names = (answer.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(/, */);
    expect(names).toEqual(expect.arrayContaining(asked.split(",")));
    expect(names).toContain("x-api-key");
    expect(answer.headers.get("access-control-allow-methods")).toContain(method);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect(answer.headers.get("vary")).toMatch(/access-control-request-headers/i);
  });

  test("and it may read the answer, also a refusal", async () => {
    const { headers } = await fetch(base + path, { method, headers: { origin: "https://app.test" } });
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-expose-headers")).toMatch(/x-generation-id.*retry-after/i);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });
});

test.each(["/chat/completions", "/keys", "/auth/keys"])(
  "a body that is too large is refused at %s, announced or not, in words that a browser may read",
  async (path) => {
    const headers = { authorization: `Bearer ${path === "/keys" ? management : customer.key}` };
    const large = JSON.stringify({ name: "x".repeat(MOST_BYTES) });
    async function* pieces() {
      for (let at = 0; at < large.length; at += 8_192) yield new TextEncoder().encode(large.slice(at, at + 8_192));
    }
    for (const body of [large, pieces()]) {
      const answer = await fetch(base + path, {
        method: "POST",
        headers,
        body,
        duplex: "half",
      } as unknown as RequestInit);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({
        error: { code: 413, metadata: { error_type: "payload_too_large" } },
      });
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    }
  },
);

test("what a request names and the document does not is passed over", async () => {
  expect((await call("POST", "/keys", { name: "made", client_metadata: { a: 1 } })).key).toMatch(/^sk-or-v1-/);
});

test("HEAD is GET without the body, and of what there is no GET it is refused", async () => {
  const [whole, head] = await Promise.all([fetch(`${base}/models`), fetch(`${base}/models`, { method: "HEAD" })]);
  expect(head.status).toBe(200);
  expect(head.headers.get("etag")).toBe(whole.headers.get("etag"));
  expect(await head.text()).toBe("");
  expect((await fetch(`${base}/chat/completions`, { method: "HEAD" })).status).toBe(405);
});
