import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { type CatalogueEndpoint, type CataloguePrices, catalogue } from "@/db/catalogue";
import { PRICES_AS_OF } from "./build-catalogue";
import { pricedModel } from "./context-length";
import { offeredModels } from "./offered-models";

const { models } = catalogue;
const endpoints = models.flatMap((model) => model.endpoints.map((endpoint) => ({ model, endpoint })));
const served = offeredModels.flatMap((model) => model.endpoints.map((endpoint) => ({ model, endpoint })));
const modelOf = (slug: string) => models.find((model) => model.slug === slug);
const pricesOf = (slug: string, provider: string) =>
  modelOf(slug)?.endpoints.find((endpoint) => endpoint.provider === provider)?.prices;

describe("prices", () => {
  it.each(endpoints)("are whole and not free for $model.slug at $endpoint.provider", ({ model, endpoint }) => {
    const embeds = model.outputModalities.includes("embeddings");
    for (const prices of [endpoint.prices, ...(endpoint.priceChanges ?? []).map((change) => change.prices)]) {
      for (const price of everyPrice(prices)) expect(price).toMatch(/^[1-9]\d*$/);
      for (const { completionPico } of [prices, ...prices.tiers])
        expect(completionPico).toMatch(embeds ? /^0$/ : /^[1-9]\d*$/);
    }
  });

  it("rise with the length of the prompt", () => {
    for (const { endpoint } of endpoints) {
      const steps = [{ abovePromptTokens: 0, ...endpoint.prices }, ...endpoint.prices.tiers];
      for (const [index, tier] of steps.slice(1).entries()) {
        expect(tier.abovePromptTokens).toBeGreaterThan(steps[index]?.abovePromptTokens ?? 0);
        expect(BigInt(tier.promptPico)).toBeGreaterThan(BigInt(steps[index]?.promptPico ?? 0));
      }
    }
  });

  it("are the packages' own: GPT-4o mini, Gemini 2.5 Pro, Claude Haiku 4.5, Sonar, gpt-oss", () => {
    expect(pricesOf("openai/gpt-4o-mini", "openai")).toMatchObject({
      promptPico: "150000",
      completionPico: "600000",
      cacheReadPico: "75000",
      tiers: [],
    });
    expect(pricesOf("google/gemini-2.5-pro", "google-ai-studio")).toMatchObject({
      promptPico: "1250000",
      completionPico: "10000000",
      tiers: [
        { abovePromptTokens: 200_000, promptPico: "2500000", completionPico: "15000000", cacheReadPico: "250000" },
      ],
    });
    expect(pricesOf("anthropic/claude-haiku-4.5", "anthropic")).toMatchObject({
      cacheWritePico: "1250000",
      cacheWriteHourPico: "2000000",
    });
    expect(pricesOf("perplexity/sonar", "perplexity")).toMatchObject({ requestNano: "12000000" });
    expect(pricesOf("openai/gpt-oss-20b", "groq")).toMatchObject({ promptPico: "75000", cacheReadPico: "37500" });
  });

  it("say what was announced: Gemini's introductory prices end with the year", () => {
    const flash = modelOf("google/gemini-3.8-flash")?.endpoints[0];
    expect(flash?.prices.promptPico).toBe("750000");
    expect(flash?.priceChanges).toMatchObject([
      { from: "2027-01-01", prices: { promptPico: "1500000", completionPico: "7500000", cacheReadPico: "150000" } },
    ]);
  });

  it("are the peak's where the hour decides: DeepSeek's", () => {
    expect(pricesOf("deepseek/deepseek-v4-flash", "deepseek")).toMatchObject({
      promptPico: "440000",
      completionPico: "1320000",
    });
  });

  it.each(served)("bill as the package does: $model.slug at $endpoint.provider", ({ model, endpoint }) => {
    const written = modelOf(model.slug)?.endpoints.find(({ provider }) => provider === endpoint.provider);
    if (!written) throw new Error("not in the catalogue");
    const [providerId, name] = pricedModel(endpoint);
    const hours = ["00:00", "02:00", "08:00", "12:00"].map((hour) => new Date(`${PRICES_AS_OF}T${hour}:00Z`));
    for (const prompt of [
      1_000,
      ...written.prices.tiers.flatMap(({ abovePromptTokens: above }) => [above, above + 1]),
    ]) {
      const usage = usageFor(written, prompt);
      const bills = hours.map((timestamp) => calcPrice(usage, name, { providerId, timestamp })?.total_price ?? 0);
      expect(billed(written.prices, usage)).toBeCloseTo(Math.max(...bills), 9);
    }
  });
});

type Usage = Record<
  "input_tokens" | "cache_read_tokens" | "cache_write_tokens" | "cache_write_1h_tokens" | "output_tokens",
  number
>;

/** A usage with some of everything that the endpoint has a price for; the input holds what the cache read and wrote. */
function usageFor({ prices }: CatalogueEndpoint, prompt: number): Usage {
  const hour = prices.cacheWriteHourPico ? 11 : 0;
  return {
    input_tokens: prompt,
    cache_read_tokens: prices.cacheReadPico ? 300 : 0,
    cache_write_tokens: prices.cacheWritePico ? 70 + hour : 0,
    cache_write_1h_tokens: hour,
    output_tokens: prices.completionPico === "0" ? 0 : 500,
  };
}

/** US dollars, by the catalogue's prices. */
function billed(list: CataloguePrices, usage: Usage): number {
  const prices = list.tiers.findLast(({ abovePromptTokens }) => usage.input_tokens > abovePromptTokens) ?? list;
  const times = (tokens: number, pico: string | null) => BigInt(tokens) * BigInt(pico ?? 0);
  const picos =
    times(usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens, prices.promptPico) +
    times(usage.cache_read_tokens, prices.cacheReadPico) +
    times(usage.cache_write_tokens - usage.cache_write_1h_tokens, prices.cacheWritePico) +
    times(usage.cache_write_1h_tokens, prices.cacheWriteHourPico) +
    times(usage.output_tokens, prices.completionPico) +
    times(1_000, list.requestNano);
  return Number(picos) / 1e12;
}

/** Every price that is there, but the completion's, which embeddings do not have. */
function everyPrice(prices: CataloguePrices): string[] {
  const { tiers, completionPico: _, ...list } = prices;
  const tierPrices = tiers.flatMap(({ abovePromptTokens: _above, completionPico: _completion, ...tier }) =>
    Object.values(tier),
  );
  return [...Object.values(list), ...tierPrices].filter((price) => price !== null);
}
