import type { Endpoint } from "./catalogue";

/** Endpoints of these names serve sooner or later than others, at another price: only who names them reaches them. */
const TIERS = new Set(["flex", "priority"]);

export const isTier = ({ variant }: Endpoint): boolean => TIERS.has(variant);

/**
 * Whether a caller who writes `deepinfra`, `DeepInfra` or `deepinfra/turbo` means this endpoint. A bare provider means
 * all of its endpoints but the tiers.
 */
export function isNamed(endpoint: Endpoint, name: string): boolean {
  const written = name.toLowerCase();
  const { slug, name: displayed } = endpoint.provider;
  return [slug, displayed.toLowerCase()].some((provider) =>
    written === provider ? !isTier(endpoint) : endpoint.variant !== "" && written === `${provider}/${endpoint.variant}`,
  );
}

/** The place in a list of names at which an endpoint is named; undefined when it is not. */
export function placeAmong(endpoint: Endpoint, names: readonly string[]): number | undefined {
  const place = names.findIndex((name) => isNamed(endpoint, name));
  return place < 0 ? undefined : place;
}

/** As a caller may name it: `deepinfra/turbo`. */
export const endpointTag = ({ provider, variant }: Endpoint): string =>
  variant === "" ? provider.slug : `${provider.slug}/${variant}`;
