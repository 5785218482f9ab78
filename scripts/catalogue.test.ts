import { readFileSync } from "node:fs";
import { BYOKProviderSlug, ProviderName } from "@openrouter/sdk/models";
import { findProvider } from "@pydantic/genai-prices";
import { MODEL_CONFIGS } from "llm-zoo";
import { describe, expect, it } from "vitest";
import { catalogue } from "@/db/catalogue";
import { buildCatalogue, PRICES_AS_OF } from "./catalogue/build-catalogue";
import { isFirstParty } from "./catalogue/context-length";
import { offeredModels } from "./catalogue/offered-models";
import { offeredProviders } from "./catalogue/offered-providers";
import { findSourceModel } from "./catalogue/price-source";
import { serialize } from "./catalogue/serialize";

const { models, providers, companies } = catalogue;
const slugs = models.map(({ slug }) => slug);
const aliases = models.flatMap((model) => model.aliases);
const endpoints = models.flatMap((model) => model.endpoints.map((endpoint) => ({ model, endpoint })));
const served = offeredModels.flatMap((model) => model.endpoints.map((endpoint) => ({ model, endpoint })));
const modelOf = (slug: string) => models.find((model) => model.slug === slug);

describe("db/catalogue.json", () => {
  it("is what `npm run catalogue` writes", () => {
    const file = readFileSync(new URL("../db/catalogue.json", import.meta.url), "utf8");
    expect(file).toBe(serialize(buildCatalogue()));
  });

  it("names the versions of the packages that it was made from", () => {
    const versions = ["@pydantic/genai-prices", "llm-zoo"].map((name) => {
      const manifest: { version: string } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
      return `${name} ${manifest.version}`;
    });
    expect(catalogue).toMatchObject({ source: versions.join(", "), pricesAsOf: PRICES_AS_OF });
  });
});

describe("what is offered", () => {
  it.each([
    "openai/gpt-4o-mini",
    "openai/gpt-4o",
    "openai/o4-mini",
    "openai/gpt-4.1",
    "openai/gpt-4.1-mini",
    "openai/gpt-4.1-nano",
    "openai/gpt-5",
    "openai/gpt-5-mini",
    "openai/gpt-5-nano",
    "openai/gpt-6-sol",
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
    "anthropic/claude-sonnet-4.5",
    "anthropic/claude-opus-5.5",
    "anthropic/claude-haiku-4.5",
    "google/gemini-2.5-flash",
    "google/gemini-2.5-pro",
    "google/gemini-3.8-flash",
    "meta-llama/llama-3.3-70b-instruct",
    "deepseek/deepseek-r1-0528",
  ])("has %s", (slug) => {
    expect(slugs).toContain(slug);
  });

  it("has several models with a choice of providers", () => {
    expect(models.filter((model) => model.endpoints.length >= 2).length).toBeGreaterThanOrEqual(10);
  });

  it("has every name once: no slug twice, no alias twice, and no alias over a slug", () => {
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(new Set(aliases).size).toBe(aliases.length);
    expect(aliases.filter((alias) => slugs.includes(alias))).toEqual([]);
  });

  it("answers to the old Sonnet's names with the newest Sonnet", () => {
    const sonnets = slugs.filter((slug) => slug.startsWith("anthropic/claude-sonnet-"));
    const newest = sonnets.sort((one, other) => Number(one.split("-").at(-1)) - Number(other.split("-").at(-1))).at(-1);
    expect(modelOf(newest ?? "")?.aliases).toEqual(
      expect.arrayContaining(["anthropic/claude-3-5-sonnet", "anthropic/claude-3.5-sonnet"]),
    );
  });

  it("offers nothing at its maker that its maker has retired", () => {
    const retired = served.filter(
      ({ model, endpoint }) => isFirstParty(model, endpoint) && MODEL_CONFIGS[model.registryKey ?? ""]?.retired,
    );
    expect(retired.map(({ model }) => model.slug)).toEqual([]);
  });

  it("uses OpenRouter's slugs of models", () => {
    const listed = new Set(Object.values(MODEL_CONFIGS).map((entry) => entry.openrouterFullName));
    const unlisted = slugs.filter((slug) => !listed.has(slug) && findSourceModel(["openrouter", slug])?.id !== slug);
    // Newer than either package's list, or not in a list of chat models.
    expect(unlisted).toEqual([
      "cohere/embed-v4.0",
      "google/gemini-3.8-flash",
      "google/gemini-embedding-001",
      "mistralai/mistral-embed-2312",
      "openai/gpt-6-astra",
      "openai/text-embedding-3-large",
      "openai/text-embedding-3-small",
      "openai/text-embedding-ada-002",
    ]);
  });
});

describe("providers and companies", () => {
  it("uses OpenRouter's slugs and names", () => {
    for (const { slug, name } of providers) {
      expect(Object.values<string>(BYOKProviderSlug)).toContain(slug);
      expect(Object.values<string>(ProviderName)).toContain(name);
    }
  });

  it.each(offeredProviders.filter(({ baseUrl }) => baseUrl))("reaches $slug where its prices are for", (provider) => {
    const pattern = findProvider({ providerId: provider.priceSource })?.api_pattern;
    expect(provider.baseUrl).toMatch(new RegExp(`^(?:${pattern})`));
  });

  it("has everyone whom a model names, and nobody else", () => {
    expect(new Set(models.map(({ company }) => company))).toEqual(new Set(companies.map(({ slug }) => slug)));
    const named = endpoints.map(({ endpoint }) => endpoint.provider);
    expect(new Set(named)).toEqual(new Set(providers.map(({ slug }) => slug)));
    for (const { slug, company } of models) expect(slug.startsWith(`${company}/`)).toBe(true);
  });

  it("serves a model at most once at each provider", () => {
    for (const model of models)
      expect(new Set(model.endpoints.map(({ provider }) => provider)).size).toBe(model.endpoints.length);
  });
});

describe("lengths", () => {
  it.each(endpoints)("are sane for $model.slug at $endpoint.provider", ({ model, endpoint }) => {
    expect(endpoint.contextLength).toBeGreaterThanOrEqual(model.outputModalities.includes("text") ? 8_192 : 2_048);
    expect(endpoint.contextLength).toBeLessThanOrEqual(2_000_000);
    expect(model.contextLength).toBeGreaterThanOrEqual(endpoint.contextLength);
    if (endpoint.maxOutput !== null) expect(endpoint.maxOutput).toBeGreaterThanOrEqual(4_096);
    expect(endpoint.maxOutput ?? 0).toBeLessThanOrEqual(endpoint.contextLength);
    for (const { abovePromptTokens } of endpoint.prices.tiers)
      expect(abovePromptTokens).toBeLessThan(endpoint.contextLength);
  });

  it("know the most output of everything that OpenAI, Anthropic and Google serve, but embeddings", () => {
    const own = endpoints.filter(({ endpoint }) =>
      ["openai", "anthropic", "google-ai-studio"].includes(endpoint.provider),
    );
    const unknown = own.filter(({ endpoint }) => endpoint.maxOutput === null);
    expect(unknown.every(({ model }) => model.outputModalities.includes("embeddings"))).toBe(true);
  });
});
