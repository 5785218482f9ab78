import type { ModelPrice, TieredPrices } from "@pydantic/genai-prices";
import type { CataloguePrices, CatalogueTokenPrices } from "@/db/catalogue";
import { nanoPerRequest, picoPerToken } from "./exact-price";
import { basePrice } from "./price-source";

type SourcePrice = number | TieredPrices;

/** Per-use prices of the providers' own tools, which nothing here calls. */
const UNUSED = new Set(["web_searches_kcount", "storage_searches_kcount"]);
const TOKEN_PRICES = {
  promptPico: "input_mtok",
  completionPico: "output_mtok",
  cacheReadPico: "cache_read_mtok",
  cacheWritePico: "cache_write_mtok",
  cacheWriteHourPico: "cache_write_1h_mtok",
  reasoningPico: "output_reasoning_mtok",
} as const;
const OTHER_PRICES = ["input_audio_mtok", "cache_audio_read_mtok", "requests_kcount"];

/**
 * The package's prices as the catalogue keeps them.
 * @throws Error for a price that the catalogue has no place for: left out, it would never be billed.
 */
export function toCataloguePrices(source: ModelPrice, embeds: boolean): CataloguePrices {
  for (const key of Object.keys(source)) if (!isKnown(key)) throw new Error(`no place for the price ${key}`);
  return {
    ...tokenPrices(source, embeds, basePrice),
    imageNano: null,
    requestNano: flat(source.requests_kcount, nanoPerRequest),
    audioPico: flat(source.input_audio_mtok, picoPerToken),
    audioCacheReadPico: flat(source.cache_audio_read_mtok, picoPerToken),
    tiers: tierStarts(source).map((start) => ({
      abovePromptTokens: start,
      ...tokenPrices(source, embeds, (price) => priceAbove(price, start)),
    })),
  };
}

function tokenPrices(source: ModelPrice, embeds: boolean, at: (price: SourcePrice) => number): CatalogueTokenPrices {
  const pico = (name: keyof typeof TOKEN_PRICES) => {
    const price = source[TOKEN_PRICES[name]];
    return price === undefined ? null : picoPerToken(at(price));
  };
  const promptPico = pico("promptPico");
  const completionPico = embeds ? "0" : pico("completionPico");
  if (promptPico === null || completionPico === null) throw new Error("no price for the prompt or the completion");
  return {
    promptPico,
    completionPico,
    cacheReadPico: pico("cacheReadPico"),
    cacheWritePico: pico("cacheWritePico"),
    cacheWriteHourPico: pico("cacheWriteHourPico"),
    reasoningPico: pico("reasoningPico"),
  };
}

function tierStarts(source: ModelPrice): number[] {
  const starts = Object.values(source).flatMap((price) =>
    typeof price === "object" ? price.tiers.map((tier) => tier.start) : [],
  );
  return [...new Set(starts)].sort((one, other) => one - other);
}

function priceAbove(price: SourcePrice, start: number): number {
  if (typeof price === "number") return price;
  const reached = price.tiers.filter((tier) => tier.start <= start);
  return reached.reduce((latest, tier) => (tier.start >= latest.start ? tier : latest), {
    start: -1,
    price: price.base,
  }).price;
}

function flat(price: SourcePrice | undefined, convert: (price: number) => string): string | null {
  if (price === undefined) return null;
  if (typeof price !== "number") throw new Error("only prices of text have tiers here");
  return convert(price);
}

const isKnown = (key: string) =>
  UNUSED.has(key) || OTHER_PRICES.includes(key) || Object.values<string>(TOKEN_PRICES).includes(key);
