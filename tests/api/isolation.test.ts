import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStandIns } from "../../scripts/stand-ins/start.mjs";
import { type App, type Customer, eventually, startApp } from "../app";
import { signedIn } from "../signed-in";
import type { Visitor } from "../visitor";

let app: App;
let standIns: Awaited<ReturnType<typeof startStandIns>>;
let [ada, ben]: Customer[] = [];
let asAda: Visitor;
let asBen: Visitor;
let bensManagementKey: string;
/** What is Ada's, by what it is. */
let hers: Record<"key" | "line" | "generation" | "payment" | "checkout" | "intent" | "byok" | "preset", string>;

beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 1 });
  app = await startApp({ env: { OPENAI_API_KEY: "stand-in", OPENAI_BASE_URL: standIns.openai } });
  ada = await app.customer("10");
  ben = await app.customer("10");
  asAda = await signedIn(app, ada.email);
  asBen = await signedIn(app, ben.email);
  ({ key: bensManagementKey } = await app.admin("key", "create", "--user", ben.email, "--management"));
  await app.sql`update api_keys set name = 'Key of Ada' where hash = ${ada.hash}`;

  const messages = [{ role: "user" as const, content: "Hello" }];
  const headers = { "X-OpenRouter-Title": "App of-ada" };
  const { id } = await ada.client.chat.completions.create({ model: "openai/gpt-4o-mini", messages }, { headers });
  const line = await eventually(
    async () => (await app.sql`select id::text from ledger where source_id = ${id}`)[0]?.id as string | undefined,
    (found) => found !== undefined,
  );
  const [checkout, intent] = [`cs_test_${randomUUID()}`, `pi_${randomUUID()}`];
  const [payment] = await app.sql`
    insert into payments (account_id, expected_amount_minor, checkout_session_id, payment_intent_id, status, receipt_url)
    values (${ada.accountId}, 1234, ${checkout}, ${intent}, 'failed', 'https://receipts.test/of-ada') returning id`;
  expect(
    await asAda.action("addByok", { provider: "openai", name: "Byok of Ada", key: "sk-ada-0123456789", use: "first" }),
  ).toMatchObject({ result: { ok: true } });
  const [byok] = await app.sql`select id from byok_keys`;
  const authorization = `Bearer ${ada.key}`;
  const body = JSON.stringify({ model: "openai/gpt-4o-mini", messages });
  const saved = await fetch(`${app.url}/api/v1/presets/hers/chat/completions`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body,
  });
  const { data: preset } = await saved.json();
  hers = {
    byok: byok?.id,
    preset: preset.id,
    key: ada.hash,
    line: line ?? "",
    generation: id,
    payment: payment?.id,
    checkout,
    intent,
  };
});

afterAll(async () => {
  await app.stop();
  await standIns.stop();
});

/** What would show that something of hers is in an answer. */
const traces = () => [
  ...Object.values(hers).filter((id) => id !== hers.line),
  ada?.email ?? "",
  "Key of Ada",
  "of-ada",
];

const pages = () => [
  "/overview",
  "/keys",
  "/keys/management",
  "/keys/byok",
  "/credits",
  `/credits?session_id=${hers.checkout}`,
  "/credits/ledger",
  `/credits/ledger?older=${BigInt(hers.line) + 1n}`,
  `/credits/ledger?newer=${BigInt(hers.line) - 1n}`,
  `/credits/ledger/${hers.line}`,
  `/activity/${hers.generation}`,
  "/activity?range=24h&by=key",
  "/activity?range=24h&by=app",
  "/activity/apps?range=24h",
  "/activity/logs",
  "/activity/logs?status=completed&model=openai/gpt-4o-mini",
  "/activity/export?range=24h",
  "/activity/logs/export",
  `/activity/logs?older=9999999999999999.${hers.generation}`,
  "/credits/ledger/export",
  "/credits/payments",
  "/settings",
  "/settings/export",
  "/settings/routing",
  "/settings/presets",
  "/settings/presets/edit?slug=hers",
  "/settings/prompts",
  "/settings/notifications",
  "/settings/security",
];

/** As the browser asks for a page, and as React asks for its payload when a link is followed. */
const ways: [name: string, headers: Record<string, string>][] = [
  ["html", {}],
  ["payload", { rsc: "1" }],
];

let checks = 0;
afterAll(() => console.log(`${checks} ways in tried by somebody else: none of them open`));

test("no page, payload or export of one user has anything of another's", async () => {
  for (const path of pages())
    for (const [way, headers] of ways) {
      const text = await (await asBen.page(path, headers)).text();
      // What the address itself says comes back in the page's own address.
      const own = [hers.checkout, hers.generation]
        .filter((id) => path.includes(id))
        .reduce((left, id) => left.replaceAll(id, ""), text);
      expect(
        traces().filter((trace) => own.includes(trace)),
        `${way} of ${path}`,
      ).toEqual([]);
      checks++;
    }
});

test("to their owner the same pages do show them: the search can find", async () => {
  const texts = await Promise.all(pages().map(async (path) => (await asAda.page(path)).text()));
  const all = texts.join("\n");
  for (const trace of ["Key of Ada", "Byok of Ada", hers.key, hers.generation, ada?.email ?? "", "of-ada"])
    expect(all.includes(trace), trace).toBe(true);
});

test("a line and a request of somebody else's are not there", async () => {
  for (const path of [`/credits/ledger/${hers.line}`, `/activity/${hers.generation}`]) {
    const page = await asBen.page(path);
    expect(page.status === 404 || /NEXT_HTTP_ERROR_FALLBACK;404/.test(await page.text()), path).toBe(true);
    checks++;
  }
});

test("no action changes another user's keys, nor his keys for providers", async () => {
  const settings = { name: "taken", limit: "1", reset: "none", expiresAt: null, includeByok: false, allowedModels: [] };
  const byokBefore = await app.sql`select * from byok_keys where id = ${hers.byok}`;
  const before = await app.sql`select * from api_keys where hash = ${hers.key}`;
  for (const [name, input] of [
    ["editKey", { ...settings, hash: hers.key }],
    ["setKeyDisabled", { hash: hers.key, disabled: true }],
    ["rotate", { hash: hers.key, overlapHours: 0 }],
    ["deleteKey", { hash: hers.key }],
    ["setByokDisabled", { id: hers.byok, disabled: true }],
    ["removeByok", { id: hers.byok }],
  ] as const) {
    const { result } = await asBen.action(name, input);
    expect(result, name).toMatchObject({ ok: false, message: "There is no such key any more." });
    checks++;
  }
  await asBen.action("reorderByok", { ids: [hers.byok] });
  expect(await app.sql`select * from api_keys where hash = ${hers.key}`).toEqual(before);
  expect(await app.sql`select * from byok_keys where id = ${hers.byok}`).toEqual(byokBefore);
});

test("no key reaches another account's keys, generations or credits over the API", async () => {
  const call = async (key: string, method: string, path: string) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const answer = await fetch(`${app.url}/api/v1${path}`, {
      method,
      headers,
      body: method === "PATCH" ? '{"name":"taken"}' : undefined,
    });
    return { status: answer.status, text: await answer.text() };
  };
  for (const method of ["GET", "PATCH", "DELETE"])
    for (const path of [`/keys/${hers.key}`, `/byok/${hers.byok}`]) {
      expect((await call(bensManagementKey, method, path)).status, `${method} ${path}`).toBe(404);
      checks++;
    }
  for (const path of [
    `/generation?id=${hers.generation}`,
    ...["", "/versions", "/versions/1"].map((of) => `/presets/hers${of}`),
  ]) {
    expect((await call(ben?.key ?? "", "GET", path)).status, path).toBe(404);
    checks++;
  }
  expect((await call(ada?.key ?? "", "GET", "/presets/hers")).text).toContain(hers.preset);
  for (const query of [`api_key_hash=${hers.key}`, `workspace_id=${ada?.accountId}`]) {
    expect((await call(bensManagementKey, "GET", `/activity?${query}`)).status, query).toBe(404);
    checks++;
  }
  const list = await call(bensManagementKey, "GET", "/keys?include_disabled=true");
  expect(traces().filter((trace) => list.text.includes(trace))).toEqual([]);
  checks++;
});
