import { ceilToNanos, type Nanos, type Picos } from "@/lib/money";
import { promptTokens, type TokenUsage } from "@/lib/protocol/token-usage";

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

/** What an endpoint charges: pico-USD per token, nano-USD per image sent and per request. */
export type PriceList = TokenPrices & {
  /** The row it stands in, which a bill names. */
  id: string;
  /** Audio sent; null: as the prompt. */
  audio: Picos | null;
  image: Nanos;
  request: Nanos;
  /** Prices for the whole request when its prompt is longer than `above` tokens, ascending. */
  tiers: (TokenPrices & { above: number })[];
};

export type Cost = {
  /** What the account pays, markup included. */
  total: Nanos;
  /** What the provider charges the operator: its prompt's and its completion's part. */
  upstreamPrompt: Nanos;
  upstreamCompletion: Nanos;
  upstream: Nanos;
};

/** The prices in force for a prompt of this length. */
export function pricesFor(list: PriceList, prompt: number): TokenPrices {
  let prices: TokenPrices = list;
  for (const tier of list.tiers) if (prompt > tier.above) prices = tier;
  return prices;
}

/** One bill, rounded once, up: `ceil(Σ tokens × price × (1 + markup))`. */
export function costOf(usage: TokenUsage, list: PriceList, images: number, markupBasisPoints: number): Cost {
  const prices = pricesFor(list, promptTokens(usage));
  const prompt =
    BigInt(usage.input) * prices.prompt +
    BigInt(usage.cacheRead) * (prices.cacheRead ?? prices.prompt) +
    BigInt(usage.cacheWrite) * (prices.cacheWrite ?? prices.prompt) +
    BigInt(usage.cacheWriteHour) * (prices.cacheWriteHour ?? prices.cacheWrite ?? prices.prompt) +
    BigInt(usage.audio) * (list.audio ?? prices.prompt) +
    (BigInt(images) * list.image + list.request) * 1000n;
  const completion =
    BigInt(usage.output) * prices.completion + BigInt(usage.reasoning) * (prices.reasoning ?? prices.completion);
  return {
    total: withMarkup(prompt + completion, markupBasisPoints),
    upstreamPrompt: ceilToNanos(prompt),
    upstreamCompletion: ceilToNanos(completion),
    upstream: ceilToNanos(prompt + completion),
  };
}

/** Pico-USD in, nano-USD out. */
export function withMarkup(picos: bigint, markupBasisPoints: number): Nanos {
  return (picos * BigInt(10_000 + markupBasisPoints) + 9_999_999n) / 10_000_000n;
}
