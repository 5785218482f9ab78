import type { Sort } from "@/lib/protocol/provider-preferences";
import type { Endpoint } from "./catalogue";
import { expectedPrice } from "./expected-price";
import type { Speed } from "./speed";

type Question = {
  prompt: number;
  output: number;
  speedOf: (endpoint: Endpoint) => Speed;
  /** The share of its answers whose calls were faulty. */
  toolFaultsOf: (endpoint: Endpoint) => number;
};

/**
 * Strictly the best first: by this request's expected price, by the median of what was measured, or by how seldom calls
 * of tools were faulty and then by speed. Those that nobody measured come after those that somebody did, the cheaper first.
 */
export function sortEndpoints<E extends Endpoint>(endpoints: readonly E[], by: Sort, question: Question): E[] {
  const rated = endpoints.map((endpoint) => ({
    endpoint,
    price: expectedPrice(endpoint, question),
    faults: by === "exacto" ? question.toolFaultsOf(endpoint) : 0,
    slowness: slownessOf(question.speedOf(endpoint), by),
  }));
  rated.sort((a, b) => compare(a.faults, b.faults) || compare(a.slowness, b.slowness) || compare(a.price, b.price));
  return rated.map(({ endpoint }) => endpoint);
}

const compare = <T extends number | bigint>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);

function slownessOf({ latency, throughput }: Speed, by: Sort): number {
  if (by === "price") return 0;
  if (by === "latency") return latency?.p50 ?? Number.POSITIVE_INFINITY;
  return throughput ? -throughput.p50 : Number.POSITIVE_INFINITY;
}
