import type { findGeneration } from "@/db/queries/generations";
import { withMarkup } from "@/lib/models/price";
import { ceilToNanos, type Nanos, type Picos } from "@/lib/money";

type Found = NonNullable<Awaited<ReturnType<typeof findGeneration>>>;

export type Line = {
  what: string;
  count: number;
  unit: "token" | "piece";
  /** Pico-USD for one. */
  price: Picos;
  /** Pico-USD: count × price. */
  amount: Picos;
};

/**
 * How a charge came about: tokens of each kind × the price that was in force, one markup, one rounding up, and never more
 * than the hold. The lines and the markup make the charge, to the nano-dollar.
 */
export function explain({ generation, price, heldNano }: Found) {
  const lines = price ? toLines(generation, price) : [];
  const picos = lines.reduce((sum, { amount }) => sum + amount, 0n);
  const cost = withMarkup(picos, generation.markupBasisPoints);
  return {
    lines,
    upstream: ceilToNanos(picos),
    markupBasisPoints: generation.markupBasisPoints,
    /** What the tokens come to; the charge differs where nothing was to be paid, or more than was held. */
    cost,
    held: heldNano,
    charged: generation.costNano,
    house: cost > generation.costNano ? cost - generation.costNano : 0n,
    usageSource: generation.usageSource,
  } satisfies Record<string, unknown> & { cost: Nanos };
}

function toLines(generation: Found["generation"], list: NonNullable<Found["price"]>): Line[] {
  const prompt =
    generation.inputTokens +
    generation.cacheReadTokens +
    generation.cacheWriteTokens +
    generation.cacheWriteHourTokens +
    generation.audioTokens;
  const tier = list.tiers.findLast(({ abovePromptTokens }) => prompt > abovePromptTokens);
  const pico = (text: string | null) => (text === null ? null : BigInt(text));
  const prices = tier
    ? {
        prompt: BigInt(tier.promptPico),
        completion: BigInt(tier.completionPico),
        cacheRead: pico(tier.cacheReadPico),
        cacheWrite: pico(tier.cacheWritePico),
        cacheWriteHour: pico(tier.cacheWriteHourPico),
        reasoning: pico(tier.reasoningPico),
      }
    : {
        prompt: list.promptPico,
        completion: list.completionPico,
        cacheRead: list.cacheReadPico,
        cacheWrite: list.cacheWritePico,
        cacheWriteHour: list.cacheWriteHourPico,
        reasoning: list.reasoningPico,
      };
  const token = (what: string, count: number, price: Picos): Line => ({
    what,
    count,
    unit: "token",
    price,
    amount: BigInt(count) * price,
  });
  const piece = (what: string, count: number, nanos: Nanos): Line => ({
    what,
    count,
    unit: "piece",
    price: nanos * 1000n,
    amount: BigInt(count) * nanos * 1000n,
  });
  return [
    token("prompt", generation.inputTokens, prices.prompt),
    token("cache read", generation.cacheReadTokens, prices.cacheRead ?? prices.prompt),
    token("cache write", generation.cacheWriteTokens, prices.cacheWrite ?? prices.prompt),
    token(
      "cache write, one hour",
      generation.cacheWriteHourTokens,
      prices.cacheWriteHour ?? prices.cacheWrite ?? prices.prompt,
    ),
    token("audio", generation.audioTokens, list.audioPico ?? prices.prompt),
    token("completion", generation.outputTokens, prices.completion),
    token("reasoning", generation.reasoningTokens, prices.reasoning ?? prices.completion),
    piece("images", generation.images, list.imageNano),
    piece("request", 1, list.requestNano),
  ].filter(({ amount }) => amount > 0n);
}
