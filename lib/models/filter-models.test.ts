import { expect, test } from "vitest";
import type { Model } from "./catalogue";
import { endpointNamed } from "./endpoint-named";
import { filterModels } from "./filter-models";
import type { Listed } from "./model-object";
import { modelsQuery } from "./models-query";
import { sortModels } from "./sort-models";

const NOW = Date.parse("2026-06-01T00:00:00Z");

/** Of a price in US dollars per million tokens. */
function listed(slug: string, price: number, changes: Partial<Model> = {}, tag = "alpha", parameters: string[] = []) {
  const prompt = BigInt(price * 1e6);
  const model = {
    slug,
    name: slug.toUpperCase(),
    companySlug: slug.split("/")[0],
    contextLength: 1_000,
    inputModalities: ["text"],
    outputModalities: ["text"],
    tokenizer: "GPT",
    releasedAt: null,
    ...changes,
  } as Model;
  const supportedParameters = new Set(parameters);
  return {
    model,
    endpoints: [
      endpointNamed(tag, {
        supportedParameters,
        retainsPrompts: slug === "other/eye" ? false : null,
        prices: { prompt, completion: prompt * 2n },
      }),
    ],
  } satisfies Listed;
}

const all: Listed[] = [
  listed("acme/old", 1, { releasedAt: new Date("2025-06-01"), contextLength: 8_000 }, "alpha", ["tools"]),
  listed("acme/new", 3, { releasedAt: new Date("2026-05-22"), tokenizer: "Claude", distillable: true }, "beta/turbo", [
    "tools",
    "seed",
  ]),
  listed("other/eye", 0, { inputModalities: ["text", "image"] }, "beta"),
  listed("other/vector", 2, { outputModalities: ["embeddings"] }),
];

const slugs = (entries: readonly Listed[]) => entries.map(({ model }) => model.slug);
const found = (query: object) => slugs(filterModels(all, modelsQuery.parse(query), NOW));

test.each<[object, string[]]>([
  [{}, ["acme/old", "acme/new", "other/eye"]],
  [{ output_modalities: "all" }, ["acme/old", "acme/new", "other/eye", "other/vector"]],
  [{ output_modalities: "embeddings" }, ["other/vector"]],
  [{ output_modalities: "image,embeddings" }, ["other/vector"]],
  [{ q: "ACME ne" }, ["acme/new"]],
  [{ supported_parameters: "tools" }, ["acme/old", "acme/new"]],
  [{ supported_parameters: "tools, seed" }, ["acme/new"]],
  [{ input_modalities: "image,text" }, ["other/eye"]],
  [{ context: "8000" }, ["acme/old"]],
  [{ min_price: "1" }, ["acme/old", "acme/new"]],
  [{ max_price: "1" }, ["acme/old", "other/eye"]],
  [{ max_price: "0.999999" }, ["other/eye"]],
  [{ min_output_price: "2", max_output_price: "5.9" }, ["acme/old"]],
  [{ arch: "claude" }, ["acme/new"]],
  [{ model_authors: "other,nobody" }, ["other/eye"]],
  [{ providers: "BETA" }, ["acme/new", "other/eye"]],
  [{ max_age_days: "30" }, ["acme/new"]],
  [{ min_age_days: "30" }, ["acme/old"]],
  [{ distillable: "false" }, ["acme/old", "other/eye"]],
  [{ distillable: "true" }, ["acme/new"]],
  [{ category: "programming" }, []],
  [{ zdr: "true" }, ["other/eye"]],
  [{ region: "eu" }, []],
  [{ min_coding_index: "1" }, []],
  [{ max_tool_success_rate: "1" }, []],
  [{ something_else: "1" }, ["acme/old", "acme/new", "other/eye"]],
])("%j finds %j", (query, expected) => expect(found(query)).toEqual(expected));

test.each<[Parameters<typeof sortModels>[1], string[]]>([
  [undefined, ["acme/new", "acme/old", "other/eye", "other/vector"]],
  ["newest", ["acme/new", "acme/old", "other/eye", "other/vector"]],
  ["pricing-low-to-high", ["other/eye", "acme/old", "other/vector", "acme/new"]],
  ["pricing-high-to-low", ["acme/new", "other/vector", "acme/old", "other/eye"]],
  ["context-high-to-low", ["acme/old", "acme/new", "other/eye", "other/vector"]],
  ["most-popular", ["other/vector", "other/eye", "acme/new", "acme/old"]],
  ["throughput-high-to-low", ["other/eye", "other/vector", "acme/new", "acme/old"]],
  ["latency-low-to-high", ["other/vector", "other/eye", "acme/new", "acme/old"]],
  ["coding-high-to-low", ["acme/new", "acme/old", "other/eye", "other/vector"]],
])("sorted by %s they are %j", (sort, expected) => {
  const measures = new Map([
    ["other/eye", { tokens: 10, firstTokenMs: 900, tokensPerSecond: 80 }],
    ["other/vector", { tokens: 99, firstTokenMs: 100, tokensPerSecond: 20 }],
  ]);
  expect(slugs(sortModels(all, sort, (slug) => measures.get(slug)))).toEqual(expected);
});
