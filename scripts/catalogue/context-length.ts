import type { OfferedEndpoint, OfferedModel } from "./offer";
import { offeredProviders } from "./offered-providers";
import { findSourceModel, type PricedModel, sourceModel } from "./price-source";
import { registryEntry } from "./registry";

/** A rounded figure and the exact one differ by less than this: 1,000,000 stands for 1,048,576. */
const ROUNDING = 0.05;

export function pricedModel(endpoint: OfferedEndpoint): PricedModel {
  const provider = offeredProviders.find(({ slug }) => slug === endpoint.provider);
  if (!provider) throw new Error(`${endpoint.provider} is not among the providers`);
  return endpoint.pricedAs ?? [provider.priceSource, endpoint.upstreamModel];
}

/** Whether the model's maker serves it here. */
export function isFirstParty(model: OfferedModel, endpoint: OfferedEndpoint): boolean {
  return offeredProviders.find(({ slug }) => slug === endpoint.provider)?.company === model.slug.split("/")[0];
}

/** At its maker, the registry's figure before the rounded one beside the price; elsewhere, the host's own. */
export function contextLength(model: OfferedModel, endpoint: OfferedEndpoint): number {
  const registry = registryEntry(model)?.contextWindow;
  const priced = sourceModel(pricedModel(endpoint)).context_window;
  const length = isFirstParty(model, endpoint)
    ? unrounded(registry ?? priced ?? stated(model, endpoint), model.slug)
    : (priced ?? stated(model, endpoint));
  if (length === undefined) throw new Error(`${model.slug}: no context length at ${endpoint.provider}`);
  return length;
}

function stated(model: OfferedModel, { contextFrom, contextLength }: OfferedEndpoint): number | undefined {
  if (contextLength !== undefined) return contextLength;
  if (contextFrom === "registry") return registryEntry(model)?.contextWindow;
  return contextFrom && sourceModel(contextFrom).context_window;
}

/** The exact figure that OpenRouter lists, where this one is it, rounded. */
function unrounded(length: number | undefined, slug: string): number | undefined {
  const listed = findSourceModel(["openrouter", slug])?.context_window;
  if (length === undefined || listed === undefined || length % 1000 !== 0) return length;
  return Math.abs(listed - length) <= length * ROUNDING ? listed : length;
}
