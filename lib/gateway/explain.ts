import type { findGeneration } from "@/db/queries/generations";
import { toPriceList } from "@/lib/models/catalogue";
import { billLines, costOf } from "@/lib/models/price";
import type { TokenUsage } from "@/lib/protocol/token-usage";

type Found = NonNullable<Awaited<ReturnType<typeof findGeneration>>>;

/**
 * How a charge came about: tokens of each kind × the price that was in force, one markup, one rounding up, and never more
 * than the hold. The same arithmetic as the bill's own, on the row that the bill names.
 */
export function explain({ generation, price, heldNano }: Found) {
  const usage = loggedUsage(generation);
  const list = price && toPriceList(price);
  const cost = list ? costOf(usage, list, generation.images, generation.markupBasisPoints) : undefined;
  const total = cost?.total ?? 0n;
  return {
    lines: list ? billLines(usage, list, generation.images) : [],
    upstream: cost?.upstream ?? 0n,
    markupBasisPoints: generation.markupBasisPoints,
    /** What the lines come to; the charge differs where nothing was to be paid, or more than was held. */
    cost: total,
    held: heldNano,
    charged: generation.costNano,
    house: total > generation.costNano ? total - generation.costNano : 0n,
    usageSource: generation.usageSource,
  };
}

export const loggedUsage = (generation: Found["generation"]): TokenUsage => ({
  input: generation.inputTokens,
  cacheRead: generation.cacheReadTokens,
  cacheWrite: generation.cacheWriteTokens,
  cacheWriteHour: generation.cacheWriteHourTokens,
  audio: generation.audioTokens,
  output: generation.outputTokens,
  reasoning: generation.reasoningTokens,
});
