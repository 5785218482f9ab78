import type { Endpoint } from "./catalogue";

/** What an endpoint must be to serve a request at all. */
export type Filter<E extends Endpoint = Endpoint> = {
  /** The field of the request, or the fact of the catalogue, that decides. */
  by: string;
  keeps: (endpoint: E) => boolean;
  /** A sentence that says why those that it removes are removed. */
  because: (removed: E[]) => string;
};

export type Sifted<E extends Endpoint> = {
  kept: E[];
  /** Each with the first filter that it does not pass. */
  excluded: { endpoint: E; by: string }[];
  /** One sentence for each filter that removed any. */
  reasons: string[];
};

export function siftEndpoints<E extends Endpoint>(endpoints: readonly E[], filters: readonly Filter<E>[]): Sifted<E> {
  const sifted: Sifted<E> = { kept: [...endpoints], excluded: [], reasons: [] };
  for (const { by, keeps, because } of filters) {
    const removed = sifted.kept.filter((endpoint) => !keeps(endpoint));
    if (removed.length === 0) continue;
    sifted.kept = sifted.kept.filter(keeps);
    sifted.excluded.push(...removed.map((endpoint) => ({ endpoint, by })));
    sifted.reasons.push(because(removed));
  }
  return sifted;
}
