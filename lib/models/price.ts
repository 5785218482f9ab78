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

/** One line of a bill: so many of something at a price, all of it exact. */
export type BillLine = {
  what: string;
  side: "prompt" | "completion";
  count: number;
  /** Pico-USD for one. */
  price: Picos;
  /** Pico-USD. */
  amount: Picos;
};

/** Everything that a generation is billed for; what costs nothing is left out. */
export function billLines(usage: TokenUsage, list: PriceList, images: number): BillLine[] {
  const prices = pricesFor(list, promptTokens(usage));
  const lines: BillLine[] = [];
  const add = (what: string, side: BillLine["side"], count: number, price: Picos) => {
    if (count > 0 && price > 0n) lines.push({ what, side, count, price, amount: BigInt(count) * price });
  };
  add("prompt", "prompt", usage.input, prices.prompt);
  add("cache read", "prompt", usage.cacheRead, prices.cacheRead ?? prices.prompt);
  add("cache write", "prompt", usage.cacheWrite, prices.cacheWrite ?? prices.prompt);
  add(
    "cache write, one hour",
    "prompt",
    usage.cacheWriteHour,
    prices.cacheWriteHour ?? prices.cacheWrite ?? prices.prompt,
  );
  add("audio", "prompt", usage.audio, list.audio ?? prices.prompt);
  add("images", "prompt", images, list.image * 1000n);
  add("request", "prompt", 1, list.request * 1000n);
  add("completion", "completion", usage.output, prices.completion);
  add("reasoning", "completion", usage.reasoning, prices.reasoning ?? prices.completion);
  return lines;
}

/** One bill, rounded once, up: `ceil(Σ tokens × price × (1 + markup))`. */
export function costOf(usage: TokenUsage, list: PriceList, images: number, markupBasisPoints: number): Cost {
  let prompt = 0n;
  let completion = 0n;
  for (const { side, amount } of billLines(usage, list, images)) {
    if (side === "prompt") prompt += amount;
    else completion += amount;
  }
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
