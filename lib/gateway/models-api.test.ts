import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { insertUser } from "@/db/queries/accounts";
import { rollActivity } from "@/db/queries/activity-roll";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { generations } from "@/db/schema";
import type { ApiHandler } from "@/lib/http/api-handler";
import { addByokKey } from "@/lib/keys/byok";
import { mintKey } from "@/lib/keys/manage";
import { seal } from "@/lib/seal";
import { useFreshDatabase } from "@/tests/database";
import { getModel, listModelEndpoints, listZdrEndpoints, retrieveModel } from "./model-api";
import { countModels, listEmbeddingModels, listModels, listUserModels } from "./models-api";
import { listProviders } from "./providers-api";

let accountId: string;
let key: string;
const endpoints: Record<string, string> = {};

beforeAll(async () => {
  await useFreshDatabase();
  for (const [slug, released] of [
    ["one", "2026-02-01"],
    ["two", "2026-01-01"],
    ["closed", "2026-03-01"],
  ] as const)
    await insertModel(
      db(),
      { slug: `test/${slug}`, companySlug: "test", name: slug, contextLength: 20_000, releasedAt: new Date(released) },
      "Test",
    );
  const offered = [
    ["alpha", "test/one", 1_000_001n],
    ["alpha", "test/two", 0n],
    ["beta", "test/one", 900_000n],
    ["locked", "test/closed", 1n],
  ] as const;
  for (const [provider, model, price] of offered) {
    const sealedApiKey = provider === "locked" ? null : seal("key", `providers.${provider}`);
    const retainsPrompts = provider === "alpha";
    await upsertProvider(db(), {
      slug: provider,
      name: provider.toUpperCase(),
      kind: "openai",
      ...{ sealedApiKey, retainsPrompts },
    });
    const supportedParameters = provider === "beta" ? ["tools", "tool_choice"] : ["tools"];
    const { endpoint } = await upsertEndpoint(
      db(),
      { modelSlug: model, providerSlug: provider, upstreamModel: "up", contextLength: 20_000, supportedParameters },
      { promptPico: price, completionPico: price * 2n, cacheReadPico: price / 10n, tiers: tiersOf(price) },
    );
    endpoints[`${provider} ${model}`] = endpoint.id;
  }
  const user = await insertUser({ email: "ada@test", passwordHash: null, role: "user" });
  accountId = user?.accountId ?? "";
  ({ key } = await mintKey({ accountId, name: "test", allowedModels: ["test/two", "test/closed"] }));
});
afterAll(() => closeDatabase());

const tiersOf = (price: bigint) => [
  {
    abovePromptTokens: 200_000,
    promptPico: (price * 2n).toString(),
    completionPico: (price * 4n).toString(),
    ...{ cacheReadPico: null, cacheWritePico: null, cacheWriteHourPico: null, reasoningPico: null },
  },
];

async function ask(handler: ApiHandler, path: string, headers: Record<string, string> = {}) {
  const url = new URL(path, "http://here.test/api/v1/");
  const reply = await handler({
    method: "GET",
    path: url.pathname,
    query: url.searchParams,
    header: (name) => headers[name.toLowerCase()],
    text: async () => "",
    signal: new AbortController().signal,
  });
  const text = String(reply.body);
  // biome-ignore lint/suspicious/noExplicitAny: each answers in a shape of its own
  return { ...reply, text, json: (text.startsWith("{") ? JSON.parse(text) : undefined) as any };
}

const bearer = () => ({ authorization: `Bearer ${key}` });
const ids = ({ json }: Awaited<ReturnType<typeof ask>>) => json.data.map(({ id }: { id: string }) => id);

test("the list has what a provider's key opens, newest first, at the cheapest endpoint's price to the last digit", async () => {
  const answer = await ask(listModels, "models");
  expect(ids(answer)).toEqual(["test/one", "test/two"]);
  expect(answer.json).toMatchObject({ total_count: 2, links: { next: null } });
  expect(answer.json.data[0].pricing).toEqual({
    prompt: "0.0000009",
    completion: "0.0000018",
    input_cache_read: "0.00000009",
    request: "0",
    image: "0",
    overrides: [{ min_prompt_tokens: 200_000, prompt: "0.0000018", completion: "0.0000036" }],
  });
});

test("a page leads to the next with the same filters; what asks for none has all", async () => {
  const first = await ask(listModels, "models?limit=1&q=test");
  expect(ids(first)).toEqual(["test/one"]);
  expect(first.json.links.next).toBe("/api/v1/models?limit=1&q=test&offset=1");
  const second = await ask(listModels, first.json.links.next);
  expect(ids(second)).toEqual(["test/two"]);
  expect(second.json.links.next).toBeNull();
  expect(ids(await ask(listModels, "models?offset=2"))).toEqual([]);
  for (const wrong of ["limit=0", "limit=x", "offset=-1", "offset=1.5", "sort=best", "min_price=-1", "context=x"])
    expect((await ask(listModels, `models?${wrong}`)).status, wrong).toBe(400);
  expect((await ask(listModels, "models?limit=&offset=&min_price=")).json.data).toHaveLength(2);
});

test("who has the list is not sent it again, until it changes", async () => {
  const { headers } = await ask(listModels, "models");
  expect(headers["cache-control"]).toMatch(/^public, max-age=\d+$/);
  const again = await ask(listModels, "models", { "if-none-match": `"other", W/${headers.etag}` });
  expect(again).toMatchObject({ status: 304, body: "" });
  expect(again.headers.etag).toBe(headers.etag);
  expect((await ask(listModels, "models?q=two", { "if-none-match": headers.etag ?? "" })).status).toBe(200);
});

test("count, embeddings and providers", async () => {
  expect((await ask(countModels, "models/count")).json).toEqual({ data: { count: 2 } });
  expect((await ask(countModels, "models/count?output_modalities=image")).json).toEqual({ data: { count: 0 } });
  expect((await ask(listEmbeddingModels, "embeddings/models")).json).toMatchObject({ data: [], total_count: 0 });
  const { json } = await ask(listProviders, "providers");
  expect(json.data).toContainEqual(expect.objectContaining({ slug: "locked", name: "LOCKED" }));
});

test("a key's own list has what the key may call, and what its account's own keys for providers reach", async () => {
  expect((await ask(listUserModels, "models/user")).status).toBe(401);
  expect(ids(await ask(listUserModels, "models/user", bearer()))).toEqual(["test/two"]);
  await addByokKey({ accountId, provider: "locked", key: "sk-own-0123456789" });
  ({ key } = await mintKey({ accountId, name: "test", allowedModels: ["test/two", "test/closed"] }));
  expect(ids(await ask(listUserModels, "models/user", bearer()))).toEqual(["test/closed", "test/two"]);
  expect(ids(await ask(listModels, "models"))).not.toContain("test/closed");
  expect((await ask(getModel, "model/test/closed")).status).toBe(404);
  expect((await ask(listModelEndpoints, "models/test/closed/endpoints")).status).toBe(404);
  expect((await ask(listModelEndpoints, "models/test/closed/endpoints", bearer())).status).toBe(200);
});

test("one model, by its name, its variant, and as OpenAI's clients write it", async () => {
  expect((await ask(getModel, "model/test/one")).json.data.id).toBe("test/one");
  expect((await ask(getModel, "model/test/one%3Anitro")).json.data.id).toBe("test/one");
  expect((await ask(getModel, "model/test/two:free")).json.data.id).toBe("test/two");
  for (const unknown of ["model/test/one:free", "model/test/none", "model/openrouter/auto", "model/%E0%A4%A/x"])
    expect((await ask(getModel, unknown)).status, unknown).toBe(404);
  const { json } = await ask(retrieveModel, "models/test%2Fone");
  expect(json).toMatchObject({ id: "test/one", object: "model", owned_by: "test", context_length: 20_000 });
});

test("an endpoint tells how it did: the caller's faults and rate limits aside, a failed try before another's answer included", async () => {
  const row = (id: string, minutesAgo: number, change: Partial<typeof generations.$inferInsert>) => ({
    id,
    createdAt: new Date(Date.now() - minutesAgo * 60_000),
    accountId,
    keyId: accountId,
    requestedModel: "test/one",
    modelSlug: "test/one",
    providerSlug: "alpha",
    endpointId: endpoints["alpha test/one"],
    outcome: "completed" as const,
    outputTokens: 100,
    firstTokenMs: 200,
    totalMs: 1_200,
    ...change,
  });
  await db()
    .insert(generations)
    .values([
      row("gen-1", 1, {}),
      row("gen-2", 2, { firstTokenMs: 400, totalMs: 900 }),
      row("gen-3", 3, { outcome: "cancelled", firstTokenMs: 300, totalMs: 1_300 }),
      row("gen-4", 20, { outcome: "failed", errorType: "provider_unavailable", firstTokenMs: null }),
      row("gen-5", 20, { outcome: "failed", errorType: "rate_limit_exceeded", firstTokenMs: null }),
      row("gen-6", 20, { outcome: "failed", errorType: "invalid_request", firstTokenMs: null }),
      row("gen-7", 600, {
        attempts: [
          { provider: "beta", failure: "server", status: 500, ms: 10 },
          { provider: "beta", failure: "throttled", status: 429, ms: 10 },
        ],
      }),
      row("gen-8", 60 * 30, { outcome: "failed", errorType: "timeout" }),
    ]);
  const { json, headers } = await ask(listModelEndpoints, "models/test/one/endpoints", bearer());
  expect(headers["cache-control"]).toBe("private, no-store");
  const [alpha, beta] = ["alpha", "beta"].map((tag) =>
    json.data.endpoints.find((at: { tag: string }) => at.tag === tag),
  );
  expect(alpha).toMatchObject({
    name: "ALPHA | test/one",
    status: 0,
    uptime_last_5m: 100,
    uptime_last_30m: 75,
    uptime_last_1d: 80,
    latency_last_30m: { p50: 300, p75: 350, p90: 380, p99: 398 },
    supports_tool_choice: { auto: true, none: false, required: false, function: false },
    pricing: { prompt: "0.000001000001" },
  });
  expect(alpha.throughput_last_30m.p50).toBe(100);
  expect(alpha.throughput_last_30m.p99).toBeLessThanOrEqual(100);
  expect(beta).toMatchObject({ uptime_last_5m: null, uptime_last_1d: 0, latency_last_30m: null });
  expect(beta.supports_tool_choice).toEqual({ auto: true, none: true, required: true, function: true });

  const anonymous = await ask(listModelEndpoints, "models/test/one/endpoints", { authorization: "Bearer nobody" });
  expect(anonymous.json.data.endpoints[0]).toMatchObject({ latency_last_30m: null, throughput_last_30m: null });
  expect(anonymous.headers["cache-control"]).toMatch(/^public/);
});

test("most used first, by what was logged in the last week", async () => {
  await rollActivity(db(), { margin: "0 seconds" });
  expect(ids(await ask(listModels, "models?sort=top-weekly"))).toEqual(["test/one", "test/two"]);
});

test("as a feed, with links that lead to the models or to the chat", async () => {
  const feed = await ask(listModels, "models?use_rss=true", { host: "here.test" });
  expect(feed.headers["content-type"]).toContain("application/rss+xml");
  expect(feed.text).toContain("<link>http://here.test/models/test/one</link>");
  const chat = await ask(listModels, "models?use_rss=true&use_rss_chat_links=true", { host: "here.test" });
  expect(chat.text).toContain("<link>http://here.test/chat?model=test%2Fone</link>");
});

test("the endpoints that are known to retain nothing", async () => {
  const { json } = await ask(listZdrEndpoints, "endpoints/zdr");
  expect(json.data.map(({ name }: { name: string }) => name)).toEqual(["BETA | test/one"]);
});
