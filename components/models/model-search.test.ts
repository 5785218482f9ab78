import { expect, test } from "vitest";
import type { ModelRow } from "./model-row";
import { type ModelSearch, modelSearch, searchModels } from "./model-search";

const model = (slug: string, fields: Partial<ModelRow> = {}): ModelRow => ({
  slug,
  name: slug.replace("/", ": "),
  description: "",
  providers: ["Openly"],
  contextLength: 128_000,
  maxOutput: null,
  input: ["text"],
  output: ["text"],
  parameters: ["tools"],
  reasoning: false,
  released: 0,
  prompt: 150_000n,
  completion: 600_000n,
  ...fields,
});

const everything: ModelSearch = {
  q: "",
  provider: [],
  input: [],
  output: [],
  parameters: [],
  from: null,
  to: null,
  context: 0,
  free: false,
  sort: "name",
  descending: false,
};

const models = [
  model("acme/small", { prompt: 0n, completion: 0n, contextLength: 8_192 }),
  model("acme/large", { prompt: 3_000_000n, completion: 15_000_000n, input: ["text", "image"], released: 2 }),
  model("zeta/middle", { providers: ["Other", "Openly"], parameters: ["tools", "seed"], released: 1 }),
];

const found = (search: Partial<ModelSearch>) =>
  searchModels(models, { ...everything, ...search }).map(({ slug }) => slug);

test.each<[string, Partial<ModelSearch>, string[]]>([
  ["nothing asked: all, by name", {}, ["acme/large", "acme/small", "zeta/middle"]],
  ["every word has to be there, in any order", { q: "LARGE acme" }, ["acme/large"]],
  ["any of the providers", { provider: ["Other"] }, ["zeta/middle"]],
  ["all of the inputs", { input: ["text", "image"] }, ["acme/large"]],
  ["all of the parameters", { parameters: ["seed", "tools"] }, ["zeta/middle"]],
  ["the bounds of the price are part of it", { from: 150_000_000n, to: 150_000_000n }, ["zeta/middle"]],
  ["a billionth below the bound is outside", { to: 149_999_999n }, ["acme/small"]],
  ["at least so much context", { context: 128_000 }, ["acme/large", "zeta/middle"]],
  ["free means that nothing is paid", { free: true }, ["acme/small"]],
  ["by price, the dearest first", { sort: "prompt", descending: true }, ["acme/large", "zeta/middle", "acme/small"]],
  ["the newest first, those of unknown age last", { sort: "newest" }, ["acme/large", "zeta/middle", "acme/small"]],
])("%s", (_title, search, slugs) => {
  expect(found(search)).toEqual(slugs);
});

test("a price in the address is read exactly, and nonsense is no price", () => {
  expect(modelSearch.from.parse("0.0375")).toBe(37_500_000n);
  expect(modelSearch.from.serialize(37_500_000n)).toBe("0.0375");
  expect(modelSearch.to.parse("-1")).toBeNull();
  expect(modelSearch.to.parse("cheap")).toBeNull();
});
