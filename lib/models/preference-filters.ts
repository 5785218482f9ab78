import { type ProviderPreferences, QUANTIZATIONS, type Sort } from "@/lib/protocol/provider-preferences";
import type { Endpoint } from "./catalogue";
import { PER_MILLION_TOKENS, PER_UNIT, priceBound } from "./price-bound";
import { endpointTag, isTier, placeAmong } from "./provider-names";
import type { Filter } from "./sift-endpoints";

/** What a model's name may add: `:nitro` and `:floor`, `:free`. */
type Variant = { sort?: Sort; free?: boolean };

/**
 * The preferences that exclude. What is not known of an endpoint does not satisfy a filter that asks for it.
 *
 * @param prompt no fewer tokens than the prompt has: of a price in tiers, every one that it may fall into counts
 */
export function preferenceFilters(
  preferences: ProviderPreferences,
  prompt: number,
  { sort, free }: Variant = {},
): Filter[] {
  const { only, ignore, order, allow_fallbacks, quantizations, max_price } = preferences;
  const named = (names: readonly string[] | null | undefined) => (endpoint: Endpoint) =>
    placeAmong(endpoint, names ?? []) !== undefined;
  const filters: (Filter | false)[] = [
    only?.length ? { by: "only", keeps: named(only), because: () => `provider.only names ${only.join(", ")}.` } : false,
    ignore?.length
      ? {
          by: "ignore",
          keeps: (endpoint) => !named(ignore)(endpoint),
          because: () => `provider.ignore names ${ignore.join(", ")}.`,
        }
      : false,
    order?.length && allow_fallbacks === false
      ? {
          by: "order",
          keeps: named(order),
          because: () => `provider.order names ${order.join(", ")}, and provider.allow_fallbacks is false.`,
        }
      : false,
    {
      by: "service_tier",
      keeps: (endpoint) =>
        !isTier(endpoint) ||
        named([...(only ?? []), ...(order ?? [])])(endpoint) ||
        (!order?.length && endpoint.variant === tierOf(sort)),
      because: (removed) => `${tags(removed)} is reached only by its full name.`,
    },
    free === true && {
      by: "free",
      keeps: isFree,
      because: (removed) => `${tags(removed)} is not free.`,
    },
    preferences.data_collection === "deny" && {
      by: "data_collection",
      keeps: ({ trainsOnPrompts }) => trainsOnPrompts === false,
      because: (removed) =>
        `provider.data_collection is deny, and of ${tags(removed)} it is not known that prompts are not trained on.`,
    },
    preferences.zdr === true && {
      by: "zdr",
      keeps: ({ retainsPrompts }) => retainsPrompts === false,
      because: (removed) => `provider.zdr is true, and of ${tags(removed)} it is not known that nothing is retained.`,
    },
    preferences.enforce_distillable_text === true && {
      by: "enforce_distillable_text",
      keeps: ({ distillable }) => distillable === true,
      because: (removed) =>
        `provider.enforce_distillable_text is true, and of ${removed[0]?.modelSlug} it is not known that other models may be trained on what it writes.`,
    },
    quantizations?.length
      ? {
          by: "quantizations",
          keeps: (endpoint) => quantizations.some((wanted) => wanted === quantizationOf(endpoint)),
          because: () => `provider.quantizations asks for ${quantizations.join(", ")}.`,
        }
      : false,
    ...Object.entries(PRICES).map(([kind, { places, pricesOf }]): Filter | false => {
      const most = max_price?.[kind as keyof typeof PRICES];
      if (most === undefined || most === null) return false;
      const bound = priceBound(most, places);
      return {
        by: `max_price.${kind}`,
        keeps: (endpoint) => pricesOf(endpoint, prompt).every((price) => price <= bound),
        because: (removed) => `provider.max_price.${kind} is ${most}, and ${tags(removed)} asks more.`,
      };
    }),
  ];
  return filters.filter((filter) => filter !== false);
}

export const isFree = ({ prices }: Endpoint): boolean =>
  [prices, ...prices.tiers].every(({ prompt, completion }) => prompt === 0n && completion === 0n) &&
  prices.request === 0n &&
  prices.image === 0n;

/** `:nitro` and `:floor` are more than a sort: they reach the tier that is sold for it. */
const tierOf = (sort: Variant["sort"]) => (sort === "throughput" ? "priority" : sort === "price" ? "flex" : undefined);

const tags = (endpoints: readonly Endpoint[]) => [...new Set(endpoints.map(endpointTag))].join(", ");

/** Where the catalogue is silent, the endpoint's name may tell: `deepinfra/fp8`. */
export const quantizationOf = ({ quantization, variant }: Endpoint) =>
  QUANTIZATIONS.find((known) => known === (quantization ?? variant)) ?? "unknown";

const PRICES = {
  prompt: { places: PER_MILLION_TOKENS, pricesOf: (at: Endpoint, prompt: number) => inForce(at, prompt, "prompt") },
  completion: {
    places: PER_MILLION_TOKENS,
    pricesOf: (at: Endpoint, prompt: number) => inForce(at, prompt, "completion"),
  },
  // Audio is sent as tokens, at a price of its own or at the prompt's.
  audio: {
    places: PER_MILLION_TOKENS,
    pricesOf: (at: Endpoint, prompt: number) =>
      at.prices.audio === null ? inForce(at, prompt, "prompt") : [at.prices.audio],
  },
  request: { places: PER_UNIT, pricesOf: (at: Endpoint) => [at.prices.request] },
  image: { places: PER_UNIT, pricesOf: (at: Endpoint) => [at.prices.image] },
};

const inForce = ({ prices }: Endpoint, prompt: number, kind: "prompt" | "completion") =>
  [prices, ...prices.tiers.filter(({ above }) => prompt > above)].map((tier) => tier[kind]);
