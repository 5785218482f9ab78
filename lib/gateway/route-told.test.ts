import { desc } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { generations } from "@/db/schema";
import { health } from "@/lib/health/endpoint-health";
import { toolFaultsOf } from "@/lib/models/measured-tool-calls";
import { type Answer, routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { explainGeneration } from "./explained-generation";
import { getGeneration } from "./generation-api";

let gateway: Awaited<ReturnType<typeof routedGateway>>;
let ada: { accountId: string; key: string };

beforeAll(async () => {
  const endpoint = { supportedParameters: ["temperature", "max_tokens"] };
  gateway = await routedGateway([
    { model: "test/one", provider: "alpha", endpoint: { ...endpoint, trainsOnPrompts: false, retainsPrompts: true } },
    { model: "test/one", provider: "beta", price: 2_000_000n, endpoint },
    { model: "test/one", provider: "gamma", price: 3_000_000n, endpoint: { ...endpoint, contextLength: 200 } },
    { model: "test/two", provider: "beta", endpoint },
  ]);
  ada = await gateway.customer();
});
afterAll(() => gateway.stop());
afterEach(() => {
  // Each is well again.
  const of = { modelSlug: "test/one", provider: { slug: "any", name: "Any" } };
  for (const id of Object.values(gateway.ids))
    health()
      .beginRegardless({ id, ...of })
      ?.answered(undefined);
  for (const provider of Object.keys(gateway.answers)) delete gateway.answers[provider];
});

const TOLD = { "x-openrouter-metadata": "enabled" };
const long = [{ role: "user", content: "Hi ".repeat(600) }];
const ask = (body: object, headers: Record<string, string> = TOLD, key = ada.key) =>
  gateway.call(chatCompletions, key, {
    body: { model: "test/one", messages: long, provider: { sort: "price" }, ...body },
    headers,
  });
const failing = (status: number, more: object = {}): Answer => ({
  status,
  json: { error: { message: "No.", ...more } },
});
const shortOfContext = { provider: "gamma", model: "test/one", by: "context_length" };

test("a stream tells its route on its last chunk, and on no other", async () => {
  gateway.answers.alpha = failing(500);
  const { events } = await ask({ stream: true });
  const telling = events.filter((event) => "openrouter_metadata" in event);
  expect(telling).toEqual([events.at(-1)]);
  expect(telling[0]).toMatchObject({
    usage: { total_tokens: 150 },
    openrouter_metadata: {
      ...{ requested: "test/one", strategy: "direct", attempt: 2 },
      attempts: [
        { provider: "alpha", model: "test/one", status: 500, failure: "server" },
        { provider: "beta", model: "test/one", status: 200 },
      ],
      endpoints: {
        total: 3,
        available: [
          { provider: "ALPHA", selected: false },
          { provider: "BETA", selected: true },
        ],
        excluded: [shortOfContext],
      },
    },
  });
  const untold = await ask({ stream: true }, {});
  expect(untold.events.some((event) => "openrouter_metadata" in event)).toBe(false);
});

test("where no endpoint is left it is told which filter removed which, and OpenRouter's word for why", async () => {
  const provider = { zdr: true, ignore: ["beta"] };
  const { status, json } = await ask({ provider });
  const excluded = [
    shortOfContext,
    { provider: "beta", model: "test/one", by: "ignore" },
    { provider: "alpha", model: "test/one", by: "zdr" },
  ];
  expect(status).toBe(404);
  expect(json).toMatchObject({
    error: {
      code: 404,
      ...{ http_status: 404, error_type: "not_found" },
      metadata: { error_type: "not_found", excluded },
      availability: {
        ...{ code: "privacy_restricted", retryable: false, requested_models: ["test/one"] },
        docs_url: expect.stringMatching(/^https:/),
        excluded_by: ["context_length", "allowed_providers", "data_policy:zdr"],
        affected_providers: ["gamma", "beta", "alpha"],
      },
    },
    openrouter_metadata: {
      ...{ requested: "test/one", strategy: "direct", attempt: 0, is_byok: false },
      endpoints: { total: 3, available: [], excluded },
    },
  });
  expect((await ask({ provider }, {})).json).not.toHaveProperty("openrouter_metadata");
});

test.each<[object, number, string, boolean]>([
  [{ model: "test/none" }, 400, "model_not_found", false],
  [{ model: "test/one:dear" }, 400, "model_not_found", false],
  [{ provider: { max_price: { prompt: 0 } } }, 404, "constraint_filtered", false],
  [{ provider: { data_collection: "deny", ignore: ["alpha"] } }, 404, "privacy_restricted", false],
])("%j is %i %s", async (body, status, code, retryable) => {
  const { json } = await ask(body);
  expect(json.error).toMatchObject({ code: status, availability: { code, retryable } });
});

test("where all failed it is told which were tried and how each ended, and none was selected", async () => {
  Object.assign(gateway.answers, { alpha: failing(500), beta: failing(429) });
  const { status, json } = await ask({});
  expect(status).toBe(429);
  expect(json).toMatchObject({
    error: {
      metadata: { previous_errors: [{ provider: "alpha", failure: "server" }] },
      availability: { code: "capacity_exhausted", retryable: true, affected_providers: ["alpha", "beta"] },
    },
    openrouter_metadata: {
      attempt: 2,
      attempts: [
        { provider: "alpha", model: "test/one", status: 500, failure: "server" },
        { provider: "beta", model: "test/one", status: 429, failure: "throttled" },
      ],
      endpoints: { available: [{ selected: false }, { selected: false }], excluded: [shortOfContext] },
    },
  });
  const [logged] = await db().select().from(generations).orderBy(desc(generations.createdAt)).limit(1);
  expect(logged).toMatchObject({ outcome: "failed", errorType: "rate_limit_exceeded", providerSlug: "beta" });
  const { data } = (await gateway.call(getGeneration, ada.key, { query: `id=${logged?.id}` })).json;
  expect(data.provider_responses).toMatchObject([
    { provider_name: "ALPHA", status: 500 },
    { provider_name: "BETA", status: null },
  ]);
});

test("what cannot be paid for never reached a provider", async () => {
  const poor = await gateway.customer("0.000001");
  const { status, json } = await ask({ max_tokens: 100 }, TOLD, poor.key);
  expect(status).toBe(402);
  expect(json.openrouter_metadata).toMatchObject({ attempt: 0, endpoints: { available: [{ provider: "ALPHA" }, {}] } });
  expect(json.openrouter_metadata).not.toHaveProperty("attempts");
});

test("a stream that breaks off tells its route with its error", async () => {
  gateway.answers.alpha = { delta: [{ content: "Hel" }], breaks: true };
  const { events } = await ask({ stream: true });
  expect(events.at(-1)).toMatchObject({
    error: { code: 502 },
    openrouter_metadata: { attempt: 1, attempts: [{ provider: "alpha" }] },
  });
  expect((await ask({ stream: true }, {})).events.at(-1)).not.toHaveProperty("openrouter_metadata");
});

test("the log keeps the route: who could serve, who could not and why, and how those tried ended", async () => {
  gateway.answers.alpha = failing(503);
  const { json } = await ask({ provider: { sort: "price" } }, {});
  const { data } = (await gateway.call(getGeneration, ada.key, { query: `id=${json.id}` })).json;
  const route = {
    strategy: "direct",
    considered: [
      { provider: "alpha", model: "test/one" },
      { provider: "beta", model: "test/one" },
    ],
    excluded: [shortOfContext],
  };
  expect(data).toMatchObject({
    ...{ route, router: null, preset_id: null },
    provider_responses: [
      { provider_name: "ALPHA", model_permaslug: "test/one", status: 503, is_byok: false },
      { provider_name: "BETA", endpoint_id: gateway.ids["test/one beta"], status: 200, is_byok: false },
    ],
  });
  expect(await explainGeneration(ada.accountId, json.id)).toMatchObject({ route, requestedModel: "test/one" });
});

test("of openrouter/auto the log says so", async () => {
  const { json } = await ask({ model: "openrouter/auto" });
  expect(json.openrouter_metadata).toMatchObject({ requested: "openrouter/auto", strategy: "auto" });
  const { data } = (await gateway.call(getGeneration, ada.key, { query: `id=${json.id}` })).json;
  expect(data).toMatchObject({ router: "openrouter/auto", route: { strategy: "auto" } });
});

test("how fast an endpoint answered is noted of the one that answered", async () => {
  gateway.answers.alpha = failing(500);
  const ofBeta = () =>
    health()
      .report()
      .find(({ id }) => id === gateway.ids["test/one beta"])?.windows["5m"];
  const before = ofBeta()?.answered ?? 0;
  await ask({ stream: true });
  expect(ofBeta()?.answered).toBe(before + 1);
  expect(ofBeta()?.throughput?.p50).toBeGreaterThan(0);
  expect(ofBeta()?.latency?.p50).toBeLessThan(1);
});

test("calls that no caller could make are noted of the endpoint that made them, and sound ones too", async () => {
  const tools = [{ type: "function", function: { name: "look", parameters: { type: "object", required: ["at"] } } }];
  const calling = (text: string): Answer => ({
    delta: [{ tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "look", arguments: text } }] }],
    finish: "tool_calls",
  });
  const faults = () => toolFaultsOf(gateway.ids["test/one alpha"] ?? "");
  const before = faults();
  gateway.answers.alpha = calling('{"at": ');
  await ask({ tools, stream: true });
  const worse = faults();
  expect(worse).toBeGreaterThan(before);
  gateway.answers.alpha = calling('{"at": 1}');
  await ask({ tools, stream: true });
  expect(faults()).toBeLessThan(worse);
});

test.each([{ model: "test/one:online" }, { plugins: [{ id: "web" }] }, { plugins: [{ id: "moderation" }] }])(
  "%j would not be what was asked for, and is refused",
  async (body) => {
    gateway.sent();
    const { status, json } = await ask(body);
    expect([status, json.error.message]).toEqual([400, expect.stringContaining("not served here")]);
    expect(gateway.sent()).toEqual([]);
  },
);

test("a plugin that is switched off, or that only helps, keeps nobody from an answer", async () => {
  const plugins = [
    { id: "web", enabled: false },
    { id: "response-healing" },
    { id: "auto-router", allowed_models: ["x/*"] },
  ];
  expect((await ask({ plugins })).status).toBe(200);
  const auto = { model: "openrouter/auto", plugins: [{ id: "auto-router", allowed_models: ["test/t*"] }] };
  expect((await ask(auto)).json.model).toBe("test/two");
  expect((await ask({ ...auto, plugins: [{ id: "auto-router", excluded_models: ["*"] }] })).status).toBe(404);
});
