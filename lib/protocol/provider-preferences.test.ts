import { expect, test } from "vitest";
import { parseChatRequest } from "./chat-request";

const parse = (provider: unknown) => parseChatRequest({ messages: [{ role: "user", content: "Hi" }], provider });

test.each<[unknown, string]>([
  ["cheap", "provider: "],
  [{ order: "openai" }, "provider.order: "],
  [{ only: [1] }, "provider.only.0: "],
  [{ ignore: [""] }, "provider.ignore.0: "],
  [{ allow_fallbacks: "no" }, "provider.allow_fallbacks: "],
  [{ require_parameters: 1 }, "provider.require_parameters: "],
  [{ data_collection: "never" }, "provider.data_collection: "],
  [{ zdr: "yes" }, "provider.zdr: "],
  [{ enforce_distillable_text: 1 }, "provider.enforce_distillable_text: "],
  [{ quantizations: ["fp7"] }, "provider.quantizations.0: "],
  [{ sort: "quality" }, "provider.sort.by: must be price, throughput, latency or exacto"],
  [{ sort: { by: "price", partition: "all" } }, "provider.sort.partition: "],
  [{ max_price: { prompt: -1 } }, "provider.max_price.prompt: must be an amount of US dollars"],
  [{ max_price: { completion: "1e3" } }, "provider.max_price.completion: must be an amount"],
  [{ max_price: { image: "-0.1" } }, "provider.max_price.image: must be an amount"],
  [{ preferred_min_throughput: 0 }, "provider.preferred_min_throughput: must be a positive number"],
  [{ preferred_max_latency: { p90: "fast" } }, "provider.preferred_max_latency: must be a positive number"],
])("of %j it is said which field is wrong", (provider, said) => {
  expect(() => parse(provider)).toThrow(said);
});

test("everything may be null, and what nobody knows is let through", () => {
  const fields = ["order", "only", "ignore", "allow_fallbacks", "require_parameters", "data_collection", "zdr"];
  const more = ["enforce_distillable_text", "quantizations", "sort", "max_price", "preferred_min_throughput"];
  const nulls = Object.fromEntries([...fields, ...more, "preferred_max_latency"].map((field) => [field, null]));
  expect(parse({ ...nulls, invented: 1 }).provider).toEqual({ ...nulls, invented: 1 });
  expect(parse(null).provider).toBeNull();
});

test("a sort that is a word is the short form of one by that word", () => {
  expect(parse({ sort: "price" }).provider?.sort).toEqual({ by: "price" });
  expect(parse({ sort: { by: "latency", partition: "none" } }).provider?.sort?.partition).toBe("none");
});
