import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { creditAccount, findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { settled } from "@/lib/billing/settle";
import { health } from "@/lib/health/endpoint-health";
import type { ApiHandler } from "@/lib/http/api-handler";
import { addByokKey, changeByokKey, reorderByokKeys } from "@/lib/keys/byok";
import { changeKey, mintKey, rotateKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { seal } from "@/lib/seal";
import { useFreshDatabase } from "@/tests/database";
import { createByok, deleteByok, getByok, listByok, patchByok } from "./byok-api";
import { chatCompletions } from "./chat-completions";
import { getGeneration } from "./generation-api";
import { createKey, getCurrentKey, getKey, patchKey } from "./keys-api";

/** An upstream that minds the key it is called with, and remembers it. */
let upstream: Server;
let seen: string[] = [];
const endpoints: Record<string, string> = {};

function dieMidway(response: ServerResponse) {
  const choices = [{ index: 0, delta: { content: "A beginning" }, finish_reason: null }];
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`data: ${JSON.stringify({ id: "up", object: "chat.completion.chunk", created: 1, choices })}\n\n`);
  setTimeout(() => response.destroy(), 50);
}

const USAGE = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 };

beforeAll(async () => {
  await useFreshDatabase();
  process.env.BYOK_FEE_BASIS_POINTS = "500";
  upstream = createServer((request, response) => {
    const key = request.headers.authorization?.replace("Bearer ", "") ?? "";
    seen.push(key);
    request.resume().on("end", () => {
      if (key.includes("dying")) return void dieMidway(response);
      const bad = key.includes("bad");
      response.writeHead(bad ? 401 : 200, { "content-type": "application/json" });
      const message = { role: "assistant", content: "Hello" };
      const answer = { id: "up", choices: [{ index: 0, message, finish_reason: "stop" }], usage: USAGE };
      const refusal = { error: { message: `Incorrect API key provided: ${key}`, code: "invalid_api_key" } };
      response.end(JSON.stringify(bad ? refusal : { object: "chat.completion", created: 1, model: "up", ...answer }));
    });
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  await insertModel(
    db(),
    { slug: "test/one", companySlug: "test", name: "One", contextLength: 20_000, tokenizer: "Other" },
    "Test",
  );
  await insertModel(
    db(),
    { slug: "test/two", companySlug: "test", name: "Two", contextLength: 20_000, tokenizer: "Other" },
    "Test",
  );
  for (const [slug, key, model] of [
    ["alpha", "operator-good-key", "test/one"],
    ["beta", "operator-bad-key", "test/two"],
    ["gamma", null, "test/two"],
  ] as const) {
    await upsertProvider(db(), {
      slug,
      name: slug.toUpperCase(),
      kind: "openai",
      baseUrl,
      sealedApiKey: key && seal(key, `providers.${slug}`),
    });
    const { endpoint } = await upsertEndpoint(
      db(),
      { modelSlug: model, providerSlug: slug, upstreamModel: "up", contextLength: 20_000, maxOutput: 1_000 },
      { promptPico: 1_000_000n, completionPico: 2_000_000n },
    );
    endpoints[slug] = endpoint.id;
  }
});

afterAll(async () => {
  await settled();
  expect(await findDrift(db())).toMatchObject({ accounts: [], keys: [], usage: [] });
  upstream.closeAllConnections();
  upstream.close();
  await closeDatabase();
});

async function customer(credits = "10", key: Partial<Parameters<typeof mintKey>[0]> = {}) {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: parseUsd(credits), kind: "adjustment", source: "test", sourceId: user.id });
  const minted = await mintKey({ accountId, name: "test", ...key });
  const manager = await mintKey({ accountId, name: "manager", kind: "management" });
  return { accountId, key: minted.key, hash: minted.row.hash, keyId: minted.row.id, manager: manager.key };
}

type Call = { body?: unknown; headers?: Record<string, string>; path?: string; query?: string };

async function call(handler: ApiHandler, key: string, { body = {}, headers = {}, path = "/", query = "" }: Call = {}) {
  const all: Record<string, string> = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    ...headers,
  };
  const { status, body: text } = await handler({
    method: "POST",
    path,
    query: new URLSearchParams(query),
    header: (name) => all[name.toLowerCase()],
    text: async () => JSON.stringify(body),
    signal: new AbortController().signal,
  });
  return { status, text: String(text), json: JSON.parse(String(text)) };
}

const ask = async (key: string, model = "test/one", headers: Record<string, string> = {}) => {
  seen = [];
  const answer = await call(chatCompletions, key, {
    body: { model, messages: [{ role: "user", content: "Hi ".repeat(400) }], max_tokens: 500 },
    headers,
  });
  await settled();
  return answer;
};

// 1,000 × 0.000001 + 500 × 0.000002 is $0.002, and 5 % of it $0.0001.
const UPSTREAM = 0.002;
const FEE = 0.0001;

test("where a model's providers fail the next model is asked, and the bill is that model's", async () => {
  const { accountId, key } = await customer();
  seen = [];
  const messages = [{ role: "user", content: "Hi ".repeat(400) }];
  const body = { model: "test/two", models: ["test/one"], route: "fallback", messages, max_tokens: 500 };
  const { status, json } = await call(chatCompletions, key, {
    body,
    headers: { "x-session-id": "talk", "x-openrouter-metadata": "Enabled" },
  });
  await settled();
  expect(status).toBe(200);
  expect(seen.at(-1)).toBe("operator-good-key");
  expect(json.openrouter_metadata).toMatchObject({
    ...{ requested: "test/two", strategy: "fallback", attempt: 2, is_byok: false },
    endpoints: {
      available: [
        { provider: "BETA", model: "test/two", selected: false },
        { provider: "ALPHA", model: "test/one", selected: true },
      ],
      excluded: [{ provider: "gamma", model: "test/two", by: "no_key" }],
    },
    attempts: [
      { provider: "beta", model: "test/two", status: 502, failure: "credential" },
      { provider: "alpha", model: "test/one", status: 200 },
    ],
  });
  expect(json).toMatchObject({ model: "test/one", provider: "ALPHA", usage: { cost: UPSTREAM, is_byok: false } });
  expect(await findAccount(db(), accountId)).toMatchObject({ postedNano: parseUsd("9.998"), heldNano: 0n });
  const { data } = (await call(getGeneration, key, { query: `id=${json.id}` })).json;
  expect(data).toMatchObject({ model: "test/one", total_cost: UPSTREAM, session_id: "talk" });
  expect((await ask(key)).json).not.toHaveProperty("openrouter_metadata");
});

test("a caller's own key goes first: his provider charges him, and his account pays the fee alone", async () => {
  const { accountId, key, manager, hash, keyId } = await customer();
  await addByokKey({ accountId, provider: "alpha", key: "own-good-key-0001" });
  const { status, json } = await ask(key);
  expect(status).toBe(200);
  expect(seen).toEqual(["own-good-key-0001"]);
  expect(json.usage).toMatchObject({ cost: FEE, is_byok: true, cost_details: { upstream_inference_cost: UPSTREAM } });
  expect(await findAccount(db(), accountId)).toMatchObject({ postedNano: parseUsd("9.9999"), heldNano: 0n });
  const generation = await call(getGeneration, key, { query: `id=${json.id}` });
  expect(generation.json.data).toMatchObject({
    is_byok: true,
    total_cost: FEE,
    upstream_inference_cost: UPSTREAM,
    explanation: { byok_fee_basis_points: 500, charged: "0.0001", upstream_cost: "0.002", cost: "0.0001" },
  });
  const shown = await call(getKey, manager, { path: `/api/v1/keys/${hash}` });
  expect(shown.json.data).toMatchObject({
    ...{ usage: FEE, usage_daily: FEE, byok_usage: UPSTREAM, byok_usage_daily: UPSTREAM },
    ...{ byok_usage_weekly: UPSTREAM, byok_usage_monthly: UPSTREAM, include_byok_in_limit: false },
  });
  expect((await call(getCurrentKey, key)).json.data).toMatchObject({
    ...{ usage: FEE, byok_usage: UPSTREAM, byok_usage_monthly: UPSTREAM, include_byok_in_limit: false },
    ...{ limit: null, limit_remaining: null, is_free_tier: false, is_management_key: false },
  });
  expect((await call(getCurrentKey, manager)).json.data).toMatchObject({ is_management_key: true, byok_usage: 0 });
  const [row] = await moneyStatement<{ held: string; with_byok: string }[]>(
    (sql) => sql`select amount_nano as held, with_byok_nano as with_byok from holds where key_id = ${keyId}`,
  );
  // The hold was for the operator's capacity too, which is tried if the caller's key fails.
  expect(BigInt(row?.held ?? 0)).toBeGreaterThanOrEqual(parseUsd("0.001"));
  expect(BigInt(row?.with_byok ?? 0)).toBeGreaterThan(BigInt(row?.held ?? 0));
});

test("an own key that is refused falls back to the operator's capacity, and the endpoint is none the worse", async () => {
  const { accountId, key } = await customer();
  await addByokKey({ accountId, provider: "alpha", key: "own-bad-key-000001" });
  const { status, json } = await ask(key);
  expect(status).toBe(200);
  expect(seen).toEqual(["own-bad-key-000001", "operator-good-key"]);
  expect(json.usage).toMatchObject({ cost: UPSTREAM, is_byok: false });
  expect(health().standingOf({ id: endpoints.alpha ?? "", provider: {} })).toBe("well");
});

test("a stream that dies under an own key says nothing of the endpoint either", async () => {
  const { accountId, key } = await customer();
  await addByokKey({ accountId, provider: "alpha", key: "own-dying-key-0001" });
  const headers: Record<string, string> = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const { body } = await chatCompletions({
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    header: (name) => headers[name.toLowerCase()],
    text: async () =>
      JSON.stringify({ model: "test/one", stream: true, messages: [{ role: "user", content: "Hi" }], max_tokens: 50 }),
    signal: new AbortController().signal,
  });
  let text = "";
  for await (const event of body as AsyncIterable<string>) text += event;
  await settled();
  expect(text).toContain("A beginning");
  expect(text).toContain('"finish_reason":"error"');
  expect(health().standingOf({ id: endpoints.alpha ?? "", provider: {} })).toBe("well");
});

test("where only own keys may be used, a refused one is the caller's clear error, and shows no key", async () => {
  const { accountId, key, manager } = await customer();
  const { id } = await addByokKey({ accountId, provider: "alpha", key: "own-bad-key-000002", isByokOnly: true });
  const { status, json, text } = await ask(key);
  expect(status).toBe(403);
  expect(json.error).toMatchObject({
    code: 403,
    message: expect.stringContaining("Your own key for ALPHA was refused"),
    metadata: { error_type: "permission_denied", provider_name: "ALPHA", failure: "credential", is_byok: true },
  });
  expect(text).not.toContain("own-bad-key");
  expect(seen).toEqual(["own-bad-key-000002"]);
  expect(health().standingOf({ id: endpoints.alpha ?? "", provider: {} })).toBe("well");
  expect(await findAccount(db(), accountId)).toMatchObject({ postedNano: parseUsd("10"), heldNano: 0n });
  await expect
    .poll(async () => (await db().execute(`select last_failure from byok_keys where id = '${id}'`))[0])
    .toEqual({ last_failure: "credential" });
  await call(patchByok, manager, { path: `/api/v1/byok/${id}`, body: { key: "own-good-key-0002" } });
  expect((await ask(key)).status).toBe(200);
  expect(seen).toEqual(["own-good-key-0002"]);
});

test("several own keys go in their order; a disabled one not at all; fallback keys after the operator's", async () => {
  const { accountId, key } = await customer();
  const first = await addByokKey({ accountId, provider: "beta", key: "own-bad-first-0001" });
  const second = await addByokKey({ accountId, provider: "beta", key: "own-bad-second-001" });
  const last = await addByokKey({ accountId, provider: "beta", key: "own-good-last-0001", isFallback: true });
  // The operator's key was refused before, and nobody would ask with it.
  const provider = { slug: "beta", name: "BETA" };
  health()
    .beginRegardless({ id: endpoints.beta ?? "", modelSlug: "test/two", provider })
    ?.answered(undefined);
  expect((await ask(key, "test/two")).json.usage).toMatchObject({ is_byok: true });
  expect(seen).toEqual(["own-bad-first-0001", "own-bad-second-001", "operator-bad-key", "own-good-last-0001"]);
  await reorderByokKeys(accountId, [second.id, first.id, last.id]);
  await ask(key, "test/two");
  expect(seen.slice(0, 2)).toEqual(["own-bad-second-001", "own-bad-first-0001"]);
  await changeByokKey(accountId, second.id, { disabled: true });
  await ask(key, "test/two");
  expect(seen[0]).toBe("own-bad-first-0001");
});

test("a provider without a key of the operator's is reached with a caller's own", async () => {
  const { accountId, key } = await customer();
  expect((await ask(key, "test/two")).status).toBe(502);
  await addByokKey({ accountId, provider: "gamma", key: "own-good-gamma-001" });
  expect((await ask(key, "test/two")).json).toMatchObject({ provider: "GAMMA", usage: { is_byok: true } });
});

test("who cannot pay for the operator's capacity may still use his own key, within the fee that he can pay", async () => {
  const { accountId, key } = await customer("0.00075");
  expect((await ask(key)).status).toBe(402);
  await addByokKey({ accountId, provider: "alpha", key: "own-good-key-0003" });
  expect((await ask(key)).json.usage).toMatchObject({ is_byok: true, cost: FEE });
  expect(seen).toEqual(["own-good-key-0003"]);
});

test("a key is used for the models and by the API keys that it is for", async () => {
  const { accountId, key, hash } = await customer();
  const other = await mintKey({ accountId, name: "other" });
  const own = await addByokKey({ accountId, provider: "alpha", key: "own-good-key-0004", allowedModels: ["test/two"] });
  await ask(key);
  expect(seen).toEqual(["operator-good-key"]);
  await changeByokKey(accountId, own.id, { allowedModels: null, allowedKeyHashes: [hash] });
  await ask(key);
  expect(seen).toEqual(["own-good-key-0004"]);
  await ask(other.key);
  expect(seen).toEqual(["operator-good-key"]);
  await changeByokKey(accountId, own.id, { allowedModels: ["test/two"], allowedKeyHashes: null, isRequired: true });
  expect((await ask(key)).status).toBe(200);
  await changeByokKey(accountId, own.id, { isByokOnly: true });
  expect((await ask(key)).json.error).toMatchObject({ code: 404 });
});

test("keys may be sent with a request; a header that is none is refused, and not repeated", async () => {
  const { key } = await customer();
  const sent = await ask(key, "test/one", { "x-provider-api-keys": JSON.stringify({ alpha: "sent-good-key-01" }) });
  expect(sent.json.usage).toMatchObject({ is_byok: true });
  expect(seen).toEqual(["sent-good-key-01"]);
  for (const header of ['{"alpha": "sent-secret', '["sent-secret"]', '{"alpha": 5}', '{"alpha": "two words"}']) {
    const refused = await ask(key, "test/one", { "x-provider-api-keys": header });
    expect(refused.status).toBe(400);
    expect(refused.text).not.toContain("sent-secret");
  }
});

test("a limit counts BYOK where the key says so, and never more than its limit", async () => {
  const { accountId, key, manager, hash } = await customer("10", { limit: parseUsd("0.005") });
  await addByokKey({ accountId, provider: "alpha", key: "own-good-key-0005", isByokOnly: true });
  await ask(key);
  const limitOf = async () => (await call(getKey, manager, { path: `/k/${hash}` })).json.data.limit_remaining;
  expect(await limitOf()).toBe(0.0049);
  await call(patchKey, manager, { path: `/k/${hash}`, body: { include_byok_in_limit: true } });
  expect(await limitOf()).toBe(0.0029);
  expect((await ask(key)).status).toBe(200);
  expect(await limitOf()).toBe(0.0008);
  expect((await ask(key)).status).toBe(402);
  expect(seen).toEqual([]);
});

test("the management API keeps keys and never shows them, each account its own", async () => {
  const { manager, key } = await customer();
  const stranger = await customer();
  const secret = "sk-proj-very-secret-AbCd";
  const body = { provider: "alpha", key: secret, name: "Mine" };
  expect((await call(createByok, key, { body })).status).toBe(403);
  const made = await call(createByok, manager, { body });
  expect(made.status).toBe(201);
  expect(made.json.data).toMatchObject({
    ...{ provider: "alpha", name: "Mine", label: "sk-...AbCd", disabled: false, is_fallback: false, sort_order: 0 },
    ...{ is_required: false, is_byok_only: false, declared_zdr: null, allowed_models: null, allowed_user_ids: null },
  });
  const path = `/api/v1/byok/${made.json.data.id}`;
  const listed = await call(listByok, manager);
  expect(listed.json).toMatchObject({ total_count: 1, data: [{ id: made.json.data.id }] });
  for (const { text } of [made, listed, await call(getByok, manager, { path })])
    expect(text).not.toContain("very-secret");
  const [row] = await db().execute(`select * from byok_keys where id = '${made.json.data.id}'`);
  expect(JSON.stringify(row)).not.toContain("very-secret");
  for (const handler of [getByok, patchByok, deleteByok])
    expect((await call(handler, stranger.manager, { path })).status).toBe(404);
  const both = { is_fallback: true, is_byok_only: true };
  expect((await call(patchByok, manager, { path, body: both })).status).toBe(400);
  expect((await call(createByok, manager, { body: { ...body, provider: "nobody" } })).status).toBe(400);
  const spaced = await call(createByok, manager, { body: { ...body, key: "two secret words" } });
  expect([spaced.status, spaced.text.includes("secret words")]).toEqual([400, false]);
  expect((await call(deleteByok, manager, { path })).json).toEqual({ deleted: true });
  expect((await call(getByok, manager, { path })).status).toBe(404);
});

test("an endpoint without a price is refused, never free: with the operator's key, and with the caller's own", async () => {
  const { accountId, key } = await customer();
  const model = { slug: "test/unpriced", companySlug: "test", name: "Unpriced", contextLength: 20_000 };
  await insertModel(db(), model, "Test");
  await db().execute(
    `insert into endpoints (model_slug, provider_slug, upstream_model, context_length) values ('test/unpriced', 'alpha', 'up', 20000)`,
  );
  await addByokKey({ accountId, provider: "alpha", key: "own-good-key-0006" });
  await expect.poll(async () => (await ask(key, "test/unpriced")).status, { timeout: 8_000 }).toBe(404);
  expect(seen).toEqual([]);
});

test("a key may be held to some models: another is refused before anything is held", async () => {
  const { key, manager, keyId } = await customer("10", { allowedModels: ["test/two"] });
  expect((await ask(key)).json.error).toMatchObject({ code: 403, message: expect.stringContaining("test/one") });
  expect(await db().execute(`select id from holds where key_id = '${keyId}'`)).toHaveLength(0);
  const made = await call(createKey, manager, { body: { name: "n", allowed_models: ["test/one"] } });
  expect(made.json.data.allowed_models).toEqual(["test/one"]);
  expect((await ask(made.json.key)).status).toBe(200);
  await call(patchKey, manager, { path: `/k/${made.json.data.hash}`, body: { allowed_models: [] } });
  expect((await ask(made.json.key)).status).toBe(403);
});

test("a rotated key is one key: both secrets share its limit, and the old one ends when the overlap does", async () => {
  const { accountId, key, hash, keyId } = await customer("10", { limit: parseUsd("0.005") });
  const rotated = await rotateKey(accountId, hash, 3_600_000);
  if (!rotated) throw new Error("not rotated");
  expect(rotated.row).toMatchObject({ id: keyId, limitNano: parseUsd("0.005") });
  expect((await ask(key)).status).toBe(200);
  expect((await ask(rotated.key)).status).toBe(200);
  // Two of $0.002 are spent: neither secret has room for a third.
  expect([(await ask(key)).status, (await ask(rotated.key)).status]).toEqual([402, 402]);
  await changeKey(accountId, rotated.row.hash, { limit: null });
  const again = await rotateKey(accountId, rotated.row.hash, 0);
  if (!again) throw new Error("not rotated");
  expect((await ask(rotated.key)).status).toBe(401);
  expect((await ask(again.key)).status).toBe(200);
  expect(await rotateKey(randomUUID(), again.row.hash, 0)).toBeUndefined();
});
