import { beforeAll, expect, test } from "vitest";
import type { AppError } from "@/lib/errors";
import type { Endpoint, Model } from "@/lib/models/catalogue";
import { endpointNamed } from "@/lib/models/endpoint-named";
import type { RequestedModels } from "@/lib/models/requested-models";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import type { OwnKey } from "./own-keys";
import { planRoute } from "./plan-route";

beforeAll(() => {
  process.env.DATABASE_URL ??= "postgres://nobody@127.0.0.1/none";
  process.env.APP_SECRET ??= "a secret that is long enough for a test of the route";
});

const endpoints = [
  endpointNamed("cheap", { prices: { prompt: 1n, completion: 1n } }),
  endpointNamed("able", { supportedParameters: new Set(["tools", "response_format", "verbosity", "seed"]) }),
  endpointNamed("short", { contextLength: 50, maxOutput: 20 }),
  endpointNamed("keyless", { provider: { credential: undefined } }),
];

const model = (list: Endpoint[] = endpoints) =>
  ({ slug: "test/one", inputModalities: ["text"], outputModalities: ["text"], endpoints: list }) as unknown as Model;
const only = (list: Endpoint[]) => ({ requested: [{ model: model(list) }], auto: false });
const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: "user", content: "Hello" }],
  ...request,
});
const ownKey = (provider: string, more: Partial<OwnKey> = {}): OwnKey => ({
  ...{ provider, isFallback: false, covers: () => true, bars: () => false, reveal: () => "own", note: () => {} },
  ...more,
});
const tags = (request: Partial<ChatRequest>, own: OwnKey[] = [], list = endpoints) =>
  planRoute(only(list), ask(request), own, () => 0).endpoints.map(({ id, own: key }) => (key ? `own ${id}` : id));

function refused(request: Partial<ChatRequest>, list = endpoints): AppError {
  try {
    planRoute(only(list), ask(request));
  } catch (error) {
    return error as AppError;
  }
  throw new Error("it was not refused");
}

const long = { messages: [{ role: "user" as const, content: "x".repeat(800) }] };

test.each<[string, Partial<ChatRequest>, string[]]>([
  ["without preferences, all that have a key", {}, ["cheap", "able", "short"]],
  ["a long prompt leaves out who cannot take it", long, ["cheap", "able"]],
  ["a large cap leaves out who cannot generate it", { max_tokens: 21 }, ["cheap", "able"]],
  ["all parameters, where they are required", { seed: 1, provider: { require_parameters: true } }, ["able"]],
  ["a parameter alone moves nobody", { seed: 1 }, ["cheap", "able", "short"]],
  ["tools go to who knows them", { tools: [{ type: "function", function: { name: "f" } }] }, ["able"]],
  ["an answer's format goes to who knows it", { response_format: { type: "json_object" } }, ["able"]],
  ["a verbosity goes to who knows it", { verbosity: "low" }, ["able"]],
  ["an order, and then the others", { provider: { order: ["short", "ABLE"] } }, ["short", "able", "cheap"]],
  [
    "an order without fallbacks, all of it",
    { provider: { order: ["short", "able"], allow_fallbacks: false } },
    ["short", "able"],
  ],
  ["no fallbacks: the first alone", { provider: { allow_fallbacks: false } }, ["cheap"]],
  ["a hard filter", { provider: { ignore: ["cheap"] } }, ["able", "short"]],
])("%s", (_title, request, expected) => {
  expect(tags(request)).toEqual(expected);
});

test("tools that nobody knows are no reason to refuse", () => {
  const list = endpoints.filter(({ id }) => id !== "able");
  expect(tags({ tools: [{ type: "function", function: { name: "f" } }] }, [], list)).toEqual(["cheap", "short"]);
});

test("a caller's own key goes before the order, within what the filters leave, and its fallback key last", () => {
  const provider = { order: ["short"] };
  expect(tags({ provider }, [ownKey("able")])).toEqual(["own able", "short", "cheap", "able"]);
  expect(tags({ provider }, [ownKey("able", { isFallback: true })])).toEqual(["short", "cheap", "able", "own able"]);
  expect(tags({ provider: { ignore: ["able"] } }, [ownKey("able")])).toEqual(["cheap", "short"]);
  expect(tags({ provider: { allow_fallbacks: false } }, [ownKey("able")])).toEqual(["own able"]);
  expect(tags({ provider: { only: ["keyless"] } }, [ownKey("keyless")])).toEqual(["own keyless"]);
});

test("when nothing is left, it is said which filter removed which endpoint", () => {
  const refusal = refused({ ...long, provider: { ignore: ["cheap"], max_price: { prompt: 0.5 } } });
  expect(refusal).toMatchObject({
    status: 404,
    metadata: {
      excluded: [
        { provider: "keyless", model: "test/one", by: "no_key" },
        { provider: "short", model: "test/one", by: "context_length" },
        { provider: "cheap", model: "test/one", by: "ignore" },
        { provider: "able", model: "test/one", by: "max_price.prompt" },
      ],
    },
  });
  expect(refusal.message).toBe(
    "No endpoints found. KEYLESS of test/one has no key on this server. The prompt is at least 100 tokens long, and " +
      "SHORT takes no more than 50. provider.ignore names cheap. provider.max_price.prompt is 0.5, and able asks more.",
  );
  expect(refused({}, []).message).toBe("No endpoints found. test/one has none here.");
});

test("what a model does not take is said of the model", () => {
  const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,AAAA" } };
  const refusal = refused({ messages: [{ role: "user", content: [image] }] });
  expect(refusal).toMatchObject({ status: 404, metadata: { excluded: [{ by: "modality" }, {}, {}, {}] } });
  expect(refusal.message).toBe("No endpoints found. test/one takes no image input.");
});

const named = (slug: string, list: Endpoint[], more: object = {}) =>
  ({ ...model(list.map((endpoint) => ({ ...endpoint, modelSlug: slug }))), slug, ...more }) as Model;
const two = {
  requested: [
    { model: named("test/dear", [endpointNamed("dear"), endpointNamed("dearer", { prices: { prompt: 10n ** 9n } })]) },
    { model: named("test/poor", [endpointNamed("poor", { prices: { prompt: 1n, completion: 1n } })]) },
  ],
  auto: false,
};
const stops = (models: RequestedModels, request: Partial<ChatRequest> = {}, own: OwnKey[] = []) =>
  planRoute(models, ask(request), own, () => 0).endpoints.map(({ id, own: key }) => (key ? `own ${id}` : id));

test.each<[string, Partial<ChatRequest>, string[]]>([
  ["model after model", {}, ["dear", "dearer", "poor"]],
  [
    "all together, where they are sorted so",
    { provider: { sort: { by: "price", partition: "none" } } },
    ["poor", "dear", "dearer"],
  ],
  ["sorted within each", { provider: { sort: { by: "price" } } }, ["dear", "dearer", "poor"]],
  ["the older word for it", { route: "sort", provider: { sort: { by: "price" } } }, ["poor", "dear", "dearer"]],
  ["no other provider, but the other model", { provider: { allow_fallbacks: false } }, ["dear", "poor"]],
  ["one model's endpoints all excluded", { provider: { only: ["poor"] } }, ["poor"]],
])("of two models: %s", (_title, request, expected) => {
  expect(stops(two, request)).toEqual(expected);
});

test("of two models, the caller's own keys go first at each, where they cover it", () => {
  const covers = (slug: string) => slug === "test/poor";
  expect(stops(two, {}, [ownKey("poor"), ownKey("dear", { covers })])).toEqual(["dear", "dearer", "own poor", "poor"]);
});

test("what a model's name adds holds for that model alone", () => {
  const list = [
    endpointNamed("paid", { prices: { prompt: 5n } }),
    endpointNamed("free", { prices: { prompt: 0n, completion: 0n } }),
    endpointNamed("paid/flex", { prices: { prompt: 1n, completion: 1n } }),
    endpointNamed("half", { prices: { prompt: 0n, completion: 0n, request: 1n } }),
  ];
  const asked = (more: object, request = {}) =>
    stops({ requested: [{ model: named("test/one", list), ...more }], auto: false }, request);
  expect(asked({ free: true })).toEqual(["free"]);
  expect(asked({ sort: "price" })).toEqual(["free", "paid/flex", "half"]);
  expect(asked({ sort: "price" }, { provider: { order: ["paid"] } })).toEqual(["paid", "free", "half"]);
  expect(asked({ sort: "throughput" })).not.toContain("paid/flex");
});

test("any model will do: the cheapest that supports all that is asked for, within the caller's bounds", () => {
  const any = { ...two, auto: true };
  const tools = [{ type: "function" as const, function: { name: "f" } }];
  expect(stops(any)).toEqual(["poor", "dear", "dearer"]);
  expect(stops(any, { provider: { ignore: ["poor"], allow_fallbacks: false } })).toEqual(["dear"]);
  expect(() => stops(any, { tools })).toThrow(
    "No models match your request and model restrictions: they are excluded by require_parameters.",
  );
});

test("a conversation's endpoint goes first among its model's", () => {
  const planned = planRoute(
    only(endpoints),
    ask(),
    [],
    () => 0,
    (slug) => (slug === "test/one" ? "short" : undefined),
  );
  expect(planned.endpoints.map(({ id }) => id)).toEqual(["short", "cheap", "able"]);
});

test("a conversation that was signed stays with who can read it, unless another order is asked for", () => {
  const details = [{ type: "reasoning.encrypted", data: "x", format: "google-gemini-v1" }];
  const messages = [{ role: "assistant" as const, content: "Hi.", reasoning_details: details }];
  const list = [
    endpointNamed("cheap", { prices: { prompt: 1n, completion: 1n } }),
    endpointNamed("signer", { provider: { kind: "google" } }),
  ];
  expect(tags({}, [], list)).toEqual(["cheap", "signer"]);
  expect(tags({ messages }, [], list)).toEqual(["signer", "cheap"]);
  expect(tags({ messages, provider: { order: ["cheap"] } }, [], list)).toEqual(["cheap", "signer"]);
});

test("where any model will do, a conversation's endpoint goes first whichever model's it is", () => {
  const stuckTo = (slug: string) => (slug === "test/dear" ? "dearer" : undefined);
  const planned = planRoute({ ...two, auto: true }, ask(), [], () => 0, stuckTo);
  expect(planned.endpoints.map(({ id }) => id)).toEqual(["dearer", "poor", "dear"]);
});
