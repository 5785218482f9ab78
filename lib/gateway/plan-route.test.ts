import { beforeAll, expect, test } from "vitest";
import type { AppError } from "@/lib/errors";
import type { Endpoint, Model } from "@/lib/models/catalogue";
import { endpointNamed } from "@/lib/models/endpoint-named";
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
const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: "user", content: "Hello" }],
  ...request,
});
const ownKey = (provider: string, more: Partial<OwnKey> = {}): OwnKey => ({
  ...{ provider, isFallback: false, covers: () => true, bars: () => false, reveal: () => "own", note: () => {} },
  ...more,
});
const tags = (request: Partial<ChatRequest>, own: OwnKey[] = [], list = endpoints) =>
  planRoute(model(list), ask(request), own, () => 0).endpoints.map(({ id, own: key }) => (key ? `own ${id}` : id));

function refused(request: Partial<ChatRequest>, list = endpoints): AppError {
  try {
    planRoute(model(list), ask(request));
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
