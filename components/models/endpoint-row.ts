import type { Nanos, Picos } from "@/lib/money";

type TokenPrices = {
  prompt: Picos;
  completion: Picos;
  /** Null: as the prompt. */
  cacheRead: Picos | null;
  cacheWrite: Picos | null;
  cacheWriteHour: Picos | null;
  /** Null: as the completion. */
  reasoning: Picos | null;
};

/** Pico-USD per token; images and requests in nano-USD each. */
export type EndpointPrices = TokenPrices & {
  id: string;
  audio: Picos | null;
  image: Nanos;
  request: Nanos;
  tiers: (TokenPrices & { above: number })[];
};

/** A model at one provider. */
export type EndpointRow = {
  id: string;
  provider: string;
  providerSlug: string;
  /** Whether the provider has a key here. */
  isServed: boolean;
  contextLength: number;
  maxOutput: number | null;
  parameters: string[];
  prices: EndpointPrices;
  /** What becomes of prompts there, in words. */
  prompts: string;
};
