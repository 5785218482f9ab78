import { calcPrice, type ModelInfo, type ModelPrice, type TieredPrices } from "@pydantic/genai-prices";

/** Names a model in the price package: its provider there, and a name that this provider answers to. */
export type PricedModel = readonly [provider: string, model: string];

type SourcePrice = number | TieredPrices;
const HALF_HOURS = 48;

/** @throws Error when the package does not know the model at this provider, or says that it is served no longer. */
export function sourceModel([provider, model]: PricedModel): ModelInfo {
  const found = findSourceModel([provider, model]);
  if (!found) throw new Error(`${provider} has no price for ${model}`);
  if (found.deprecated) throw new Error(`${provider} serves ${model} no longer`);
  return found;
}

export function findSourceModel([provider, model]: PricedModel): ModelInfo | undefined {
  const found = calcPrice({}, model, { providerId: provider });
  return found?.provider.id === provider ? found.model : undefined;
}

/** The prices in force on the day; where they depend on the hour, the day's dearest, so that no call costs more. */
export function sourcePrices([provider, model]: PricedModel, day: string): ModelPrice {
  const found = new Set<ModelPrice>();
  for (let half = 0; half < HALF_HOURS; half += 1) {
    const timestamp = new Date(Date.parse(`${day}T00:00:00Z`) + half * 1_800_000);
    const price = calcPrice({}, model, { providerId: provider, timestamp })?.model_price;
    if (price) found.add(price);
  }
  const [first, ...others] = found;
  if (!first) throw new Error(`${provider} has no price for ${model} on ${day}`);
  return others.reduce((dearest, price) => dearer(dearest, price, `${provider} ${model}`), first);
}

/** The days after `day` on which the prices change, ascending. */
export function laterPriceDays(source: ModelInfo, day: string): string[] {
  if (!Array.isArray(source.prices)) return [];
  const days = source.prices.map(({ constraint }) => (constraint?.type === "start_date" ? constraint.start_date : ""));
  return [...new Set(days.filter((start) => start > day))].sort();
}

/** The price below every tier. */
export const basePrice = (price: SourcePrice) => (typeof price === "number" ? price : price.base);

function dearer(one: ModelPrice, other: ModelPrice, what: string): ModelPrice {
  if (costsAtLeast(one, other)) return one;
  if (costsAtLeast(other, one)) return other;
  throw new Error(`${what}: neither of two hours' prices is the dearer throughout`);
}

const costsAtLeast = (one: ModelPrice, other: ModelPrice) =>
  Object.entries(other).every(([key, price]) => basePrice(one[key] ?? 0) >= basePrice(price ?? 0));
