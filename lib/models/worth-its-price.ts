import type { Endpoint } from "./catalogue";
import { expectedPrice } from "./expected-price";

type Question = {
  prompt: number;
  output: number;
  /** The share of its answers that are of no use to this request, as far as that was measured; from 0 to 1. */
  uselessOf: (endpoint: Endpoint) => number;
};

/**
 * The cheapest first, where a price counts for what it buys: of one whose every second answer is of no use, two have to
 * be bought. Among those that cost the same, the better one.
 */
export function byWorth<E extends Endpoint>(endpoints: readonly E[], question: Question): E[] {
  const rated = endpoints.map((endpoint) => {
    const useless = question.uselessOf(endpoint);
    // It orders endpoints and bills nothing: a float will do.
    return { endpoint, useless, price: Number(expectedPrice(endpoint, question)) / Math.max(0.01, 1 - useless) };
  });
  return rated.sort((a, b) => a.price - b.price || a.useless - b.useless).map(({ endpoint }) => endpoint);
}
