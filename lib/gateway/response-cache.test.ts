import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { findDrift } from "@/db/queries/accounts";
import { mintKey } from "@/lib/keys/manage";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { getGeneration } from "./generation-api";
import { allKept } from "./kept/writer";
import { patchKey } from "./keys-api";
import { messages } from "./messages";
import { presetFromChat } from "./presets-api";
import { unbilled } from "./response-cache";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  gateway = await routedGateway([
    { model: "test/one", provider: "alpha" },
    { model: "test/two", provider: "beta" },
  ]);
});
afterAll(() => gateway.stop());

const cached = (more: object = {}, headers: Record<string, string> = {}) => ({
  body: { model: "test/one", messages: [{ role: "user", content: "Hello" }], max_tokens: 10, ...more },
  headers: { "x-openrouter-cache": "true", ...headers },
});
type Called = { body: object; headers: Record<string, string> };

/** An answer, once what is to be kept of it is kept. */
async function ask(key: string, call: Called, handler = chatCompletions) {
  const answer = await gateway.call(handler, key, call);
  // It begins to be kept behind the caller's back.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await allKept();
  return answer;
}
const statusOf = ({ headers }: { headers: Record<string, string> }) => headers["x-openrouter-cache-status"];

test("the same question is answered once, and then for nothing, under an id of its own", async () => {
  const { accountId, key } = await gateway.customer();
  gateway.sent();
  const first = await ask(key, cached());
  const second = await ask(key, cached());
  expect(first.headers).toMatchObject({ "x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": "300" });
  expect(second.headers).toMatchObject({
    "x-openrouter-cache-status": "HIT",
    "x-openrouter-cache-ttl": "300",
    "x-openrouter-cache-age": "0",
    "x-openrouter-cache-source-id": first.json.id,
    "x-generation-id": second.json.id,
  });
  expect(gateway.sent()).toHaveLength(1);
  expect(second.json.id).not.toBe(first.json.id);
  expect(second.json).toMatchObject({ model: "test/one", provider: "ALPHA", choices: first.json.choices });
  expect(second.json.usage).toMatchObject({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 });
  const { json } = await gateway.call(getGeneration, key, { query: `id=${second.json.id}` });
  expect(json.data).toMatchObject({
    ...{ total_cost: 0, tokens_prompt: 0, model: "test/one", finish_reason: "stop", cancelled: false },
    response_cache_source_id: first.json.id,
  });
  const charges = await db().execute(`select 1 from ledger where account_id = '${accountId}' and kind = 'usage'`);
  expect(charges).toHaveLength(1);
  expect((await findDrift(db())).accounts).toEqual([]);
});

test.each([
  ["chat", chatCompletions, {}],
  ["messages", messages, {}],
  ["responses", responses, { input: "Hello", messages: undefined, max_tokens: undefined }],
])("%s: a stream is told as a stream, with the same words", async (_, handler, more) => {
  const { key } = await gateway.customer();
  gateway.sent();
  const first = await ask(key, cached({ ...more, stream: true }), handler);
  const second = await ask(key, cached({ ...more, stream: true }), handler);
  expect([statusOf(first), statusOf(second), gateway.sent().length]).toEqual(["MISS", "HIT", 1]);
  const shapeOf = (events: object[]) =>
    JSON.stringify(events, (name, value) =>
      typeof value === "number" || /^(id|item_id|usage|created|created_at)$/.test(name) ? undefined : value,
    ).replaceAll(/"(gen|msg|resp)[-_][\w-]+"/g, '"id"');
  expect(shapeOf(second.events)).toBe(shapeOf(first.events));
  expect(JSON.stringify(second.events)).not.toMatch(/_tokens":[1-9]/);
});

test.each([
  ["another question", { ...cached().body, messages: [{ role: "user", content: "Hello?" }] }],
  ["another model", { ...cached().body, model: "test/two" }],
  ["as a stream", { ...cached().body, stream: true }],
  ["another setting", { ...cached().body, temperature: 0.5 }],
  ["its fields in another order", Object.fromEntries(Object.entries(cached().body).reverse())],
])("%s is another question", async (_, body) => {
  const { key } = await gateway.customer();
  await ask(key, cached());
  expect(statusOf(await ask(key, { ...cached(), body }))).toBe("MISS");
  expect(statusOf(await ask(key, cached()))).toBe("HIT");
});

test("another key's, another account's, and a key's of other settings find nothing", async () => {
  const [ada, ben] = [await gateway.customer(), await gateway.customer()];
  const other = await mintKey({ accountId: ada.accountId, name: "other" });
  const manager = await mintKey({ accountId: ada.accountId, name: "manager", kind: "management" });
  await ask(ada.key, cached());
  const statuses = [];
  for (const key of [ada.key, other.key, ben.key]) statuses.push(statusOf(await ask(key, cached())));
  expect(statuses).toEqual(["HIT", "MISS", "MISS"]);
  const [row] = await db().execute<{ hash: string }>(
    `select hash from api_keys where account_id = '${ada.accountId}' and name = 'test'`,
  );
  const path = `/api/v1/keys/${row?.hash}`;
  await gateway.call(patchKey, manager.key, { path, body: { allowed_models: ["test/two"] } });
  expect((await ask(ada.key, cached())).status).toBe(403);
});

test("without asking for it, and where it is refused, nothing is kept and nothing is found", async () => {
  const { accountId, key } = await gateway.customer();
  for (const said of ["false", ""])
    expect(statusOf(await ask(key, { ...cached(), headers: { "x-openrouter-cache": said } }))).toBeUndefined();
  const rows = await db().execute(`select 1 from kept_answers where account_id = '${accountId}'`);
  expect(rows).toHaveLength(0);
  await ask(key, cached());
  expect(statusOf(await ask(key, { ...cached(), headers: { "x-openrouter-cache": "false" } }))).toBeUndefined();
});

test("it is kept as long as is asked for, within a second and a day, and can be cleared", async () => {
  const { key } = await gateway.customer();
  for (const [wanted, kept] of [
    ["60", "60"],
    ["0", "1"],
    ["999999", "86400"],
    ["soon", "300"],
  ] as const)
    expect((await ask(key, cached({ seed: 1 }, { "x-openrouter-cache-ttl": wanted }))).headers).toMatchObject({
      "x-openrouter-cache-ttl": kept,
    });
  const first = await ask(key, cached());
  const cleared = await ask(key, cached({}, { "x-openrouter-cache-clear": "true" }));
  const second = await ask(key, cached());
  expect([first, cleared, second].map(statusOf)).toEqual(["MISS", "MISS", "HIT"]);
  expect(second.headers["x-openrouter-cache-source-id"]).toBe(cleared.json.id);
  await db().execute("update kept_answers set expires_at = now()");
  expect([statusOf(await ask(key, cached())), statusOf(await ask(key, cached()))]).toEqual(["MISS", "HIT"]);
});

test("what failed, broke off or was refused is not kept", async () => {
  const { key } = await gateway.customer();
  gateway.answers.alpha = { status: 500, json: { error: { message: "no" } } };
  expect((await ask(key, cached())).status).toBe(502);
  gateway.answers.alpha = { breaks: true };
  await ask(key, cached({ stream: true }));
  gateway.answers.alpha = {};
  for (const more of [{}, { stream: true }]) expect(statusOf(await ask(key, cached(more)))).toBe("MISS");
});

test("a preset may ask for it, and a header goes before it", async () => {
  const { key } = await gateway.customer();
  await gateway.call(presetFromChat, key, {
    path: "/api/v1/presets/kept/chat/completions",
    body: { ...cached().body, cache_enabled: true, cache_ttl_seconds: 60 },
  });
  const call = { body: { ...cached().body, model: "@preset/kept" }, headers: {} };
  const [first, second] = [await ask(key, call), await ask(key, call)];
  expect([statusOf(first), statusOf(second), second.headers["x-openrouter-cache-ttl"]]).toEqual(["MISS", "HIT", "60"]);
  expect(statusOf(await ask(key, { ...call, headers: { "x-openrouter-cache": "false" } }))).toBeUndefined();
});

test("whose balance is below zero, or whose rate is used up, is answered nothing", async () => {
  const { accountId, key } = await gateway.customer();
  await ask(key, cached());
  await db().execute(`select credit('${accountId}', -20000000000, 'refund', 'test', 'back-${accountId}')`);
  expect((await ask(key, cached())).status).toBe(402);
  const rated = await mintKey({ accountId: (await gateway.customer()).accountId, name: "rated", requestsPerMinute: 2 });
  const statuses = [];
  for (let times = 0; times < 3; times++) statuses.push((await ask(rated.key, cached())).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test("it is sealed where it is kept", async () => {
  const { key } = await gateway.customer();
  gateway.answers.alpha = { delta: [{ content: "words for nobody else" }] };
  await ask(key, cached());
  gateway.answers.alpha = {};
  const stored = [
    ...(await db().execute("select * from kept_pieces")),
    ...(await db().execute("select * from kept_answers")),
  ];
  expect(stored.length).toBeGreaterThan(1);
  expect(JSON.stringify(stored)).not.toContain("nobody else");
});

test("what an upstream says itself of its usage says nothing of it any more", () => {
  const usage = { input_tokens: 7, cache_creation: { ephemeral_5m_input_tokens: 3 }, service_tier: "standard" };
  expect(unbilled({ choices: [], native: { type: "message_start", message: { id: "a", usage } } })).toEqual({
    choices: [],
    native: {
      type: "message_start",
      message: {
        ...{ id: "a" },
        usage: { input_tokens: 0, cache_creation: { ephemeral_5m_input_tokens: 0 }, service_tier: "standard" },
      },
    },
  });
});
