import type { Figures, PriceLine } from "@/components/operator/price-history";
import type { NewPrice, PriceRow } from "@/db/queries/endpoint-prices";

export const toFigures = (price: NewPrice): Figures => ({
  prompt: price.promptPico,
  completion: price.completionPico,
  cacheRead: price.cacheReadPico ?? null,
  cacheWrite: price.cacheWritePico ?? null,
  cacheWriteHour: price.cacheWriteHourPico ?? null,
  reasoning: price.reasoningPico ?? null,
  audio: price.audioPico ?? null,
  image: price.imageNano ?? 0n,
  request: price.requestNano ?? 0n,
  tiers: (price.tiers ?? []).map(({ abovePromptTokens, promptPico, completionPico }) => ({
    above: abovePromptTokens,
    prompt: BigInt(promptPico),
    completion: BigInt(completionPico),
  })),
});

/** Prices of one endpoint, the newest first. */
export function toPriceLines(prices: PriceRow[]): PriceLine[] {
  const now = Date.now();
  const inForce = prices.find(({ validFrom }) => validFrom.getTime() <= now);
  return prices.map((price) => ({
    ...toFigures(price),
    id: price.id,
    from: price.validFrom,
    state: price === inForce ? "now" : price.validFrom.getTime() > now ? "announced" : "past",
  }));
}
