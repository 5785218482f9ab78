import { expect, test } from "vitest";
import type { Catalogue, Model } from "./catalogue";
import { endpointNamed } from "./endpoint-named";
import { requestedModels } from "./requested-models";

const slugs = [
  ...["openai/gpt-4.1", "openai/gpt-5", "openai/gpt-5.10", "openai/gpt-5.9", "openai/gpt-6-mini", "openai/gpt-oss"],
  ...["google/gemini-3.8-flash", "google/gemini-3.10-flash", "google/gemini-4-pro", "qwen/coder:free"],
];
const catalogue = {
  models: new Map(
    slugs.map((slug) => [
      slug,
      { slug, outputModalities: ["text"], endpoints: [endpointNamed("openai")] } as unknown as Model,
    ]),
  ),
  aliases: new Map([["gpt", "openai/gpt-5"]]),
} as unknown as Catalogue;

const found = (names: string[], allowed: string[] | null = null) =>
  requestedModels(catalogue, names, allowed).requested.map(({ model, ...more }) => ({ slug: model.slug, ...more }));

test.each<[string[], object[]]>([
  [["openai/gpt-5"], [{ slug: "openai/gpt-5" }]],
  [
    ["gpt", "openai/gpt-oss"],
    [{ slug: "openai/gpt-5" }, { slug: "openai/gpt-oss" }],
  ],
  [["openai/gpt-5", "openai/gpt-5"], [{ slug: "openai/gpt-5" }]],
  [["openai/gpt-5:nitro"], [{ slug: "openai/gpt-5", sort: "throughput" }]],
  [["openai/gpt-5:free:floor"], [{ slug: "openai/gpt-5", sort: "price", free: true }]],
  [["openai/gpt-5:exacto"], [{ slug: "openai/gpt-5", sort: "exacto" }]],
  [["qwen/coder:free"], [{ slug: "qwen/coder:free" }]],
  [["~openai/gpt-latest"], [{ slug: "openai/gpt-5.10" }]],
  [["~openai/gpt-mini-latest:floor"], [{ slug: "openai/gpt-6-mini", sort: "price" }]],
  [["~google/gemini-flash-latest"], [{ slug: "google/gemini-3.10-flash" }]],
])("%j", (names, expected) => {
  expect(found(names)).toEqual(expected);
});

test.each<[string[], number, string]>([
  [[], 400, "Name a model"],
  [["openai/gpt-7"], 400, "openai/gpt-7 is not a valid model ID"],
  [["~openai/o-latest"], 400, "~openai/o-latest is not a valid model ID"],
  [["openai/gpt-5:free:online"], 400, "Web search is not served here: the plugin web, and :online as its short form"],
  [["openai/gpt-5:toString"], 400, "the variant :toString is not served here"],
  [["openai/gpt-5", "openai/gpt-5@preset/mine"], 400, "a preset is named in the model of a completion alone"],
  [["openrouter/bodybuilder"], 400, "openrouter/bodybuilder is not a valid model ID"],
  [["openrouter/auto", "openai/gpt-5"], 400, "name it alone"],
])("%j is refused with %i: %s", (names, status, said) => {
  expect(() => found(names)).toThrow(expect.objectContaining({ status, message: expect.stringContaining(said) }));
});

test("a key reaches no model that it may not call: not by its name, not as a fallback, not by openrouter/auto", () => {
  const refusal = expect.objectContaining({ status: 403 });
  expect(() => found(["openai/gpt-5"], ["openai/gpt-oss"])).toThrow(refusal);
  expect(() => found(["openai/gpt-oss", "openai/gpt-5:nitro"], ["openai/gpt-oss"])).toThrow(refusal);
  expect(found(["openrouter/auto"], ["openai/gpt-oss"])).toEqual([{ slug: "openai/gpt-oss" }]);
  expect(found(["openrouter/auto"])).toHaveLength(slugs.length);
  expect(() => found(["openrouter/auto"], ["nothing"])).toThrow(expect.objectContaining({ status: 404 }));
});

test("openrouter/auto chooses among the models that its plugin's settings leave, and that the key may call", () => {
  const among = (auto: object, allowed: string[] | null = null) =>
    requestedModels(catalogue, ["openrouter/auto"], allowed, auto).requested.map(({ model }) => model.slug);
  expect(among({ allowed: ["google/*"] })).toHaveLength(3);
  expect(among({ allowed: ["google/*", "openai/gpt-5"], excluded: ["*flash"] })).toEqual([
    ...["google/gemini-4-pro", "openai/gpt-5"],
  ]);
  expect(among({ allowed: [] })).toHaveLength(slugs.length);
  expect(among({ allowed: ["openai/*"] }, ["openai/gpt-oss", "qwen/coder:free"])).toEqual(["openai/gpt-oss"]);
  expect(() => among({ excluded: ["*"] })).toThrow("No models match your request and model restrictions");
});
