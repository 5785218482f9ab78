import type { Sort } from "@/lib/protocol/provider-preferences";
import type { Endpoint } from "./catalogue";
import { expectedPrice } from "./expected-price";
import type { Speed } from "./speed";

type Question = { prompt: number; output: number; speedOf: (endpoint: Endpoint) => Speed };

/**
 * Strictly the best first: by this request's expected price, or by the median of what was measured. Those that nobody
 * measured come after those that somebody did, the cheaper first.
 */
export function sortEndpoints<E extends Endpoint>(endpoints: readonly E[], by: Sort, question: Question): E[] {
  const rated = endpoints.map((endpoint) => ({
    endpoint,
    price: expectedPrice(endpoint, question),
    slowness: slownessOf(question.speedOf(endpoint), by),
  }));
  rated.sort((a, b) =>
    a.slowness === b.slowness ? (a.price < b.price ? -1 : a.price > b.price ? 1 : 0) : a.slowness < b.slowness ? -1 : 1,
  );
  return rated.map(({ endpoint }) => endpoint);
}

function slownessOf({ latency, throughput }: Speed, by: Sort): number {
  if (by === "price") return 0;
  if (by === "latency") return latency?.p50 ?? Number.POSITIVE_INFINITY;
  return throughput ? -throughput.p50 : Number.POSITIVE_INFINITY;
}
