import data from "./catalogue.json";

/** Decimal strings of whole pico-USD per token. */
export type CatalogueTokenPrices = {
  promptPico: string;
  completionPico: string;
  /** Null: billed as the prompt. */
  cacheReadPico: string | null;
  cacheWritePico: string | null;
  cacheWriteHourPico: string | null;
  /** Null: billed as the completion. */
  reasoningPico: string | null;
};

export type CataloguePrices = CatalogueTokenPrices & {
  /** Decimal strings of whole nano-USD, per image sent and per request; null: nothing. */
  imageNano: string | null;
  requestNano: string | null;
  /** Audio sent, and audio read from the cache; null: billed as text. */
  audioPico: string | null;
  audioCacheReadPico: string | null;
  /** Prices for the whole request when its prompt is longer than this, ascending. */
  tiers: (CatalogueTokenPrices & { abovePromptTokens: number })[];
};

export type CatalogueEndpoint = {
  provider: string;
  upstreamModel: string;
  contextLength: number;
  /** Null: the sources know none. */
  maxOutput: number | null;
  supportedParameters: string[];
  /** Its Chat Completions refuses tools unless reasoning is turned off, or altogether. */
  toolsNeedResponsesApi: boolean;
  prices: CataloguePrices;
  /** Announced: the prices that apply from the day, UTC, on. */
  priceChanges?: { from: string; prices: CataloguePrices }[];
};

export type CatalogueModel = {
  slug: string;
  name: string;
  company: string;
  description: string;
  /** Unix seconds of its dated snapshot; null where it has none. */
  created: number | null;
  /** The day on which its maker stops serving it, where that was announced. */
  expirationDate: string | null;
  contextLength: number;
  inputModalities: ("text" | "image" | "file" | "audio")[];
  outputModalities: ("text" | "embeddings")[];
  tokenizer: "GPT" | "Claude" | "Gemini" | "Llama3" | "Qwen" | "DeepSeek" | "Mistral" | "Other";
  reasoning: boolean;
  /** Whether its maker lets other models be trained on what it writes; null: not known. */
  distillable: boolean | null;
  aliases: string[];
  endpoints: CatalogueEndpoint[];
};

export type CatalogueProvider = {
  slug: string;
  name: string;
  kind: "openai" | "anthropic" | "google";
  /** Null: the official SDK's own. */
  baseUrl: string | null;
  /** What it says of prompts that come through its API; null: not known. */
  trainsOnPrompts: boolean | null;
  retainsPrompts: boolean | null;
};

export type Catalogue = {
  pricesAsOf: string;
  source: string;
  companies: { slug: string; name: string }[];
  providers: CatalogueProvider[];
  models: CatalogueModel[];
};

/** The catalogue that ships with the project: written by `npm run catalogue`, read by people before it is committed. */
export const catalogue = data as Catalogue;
