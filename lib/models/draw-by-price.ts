import type { Endpoint } from "./catalogue";
import { expectedPrice } from "./expected-price";

type Question = { prompt: number; output: number; random: () => number };

/**
 * Endpoints drawn one after the other with a weight of the inverse square of the request's expected price, as OpenRouter
 * does. A free endpoint comes before every one that costs.
 */
export function drawByPrice<E extends Endpoint>(endpoints: readonly E[], question: Question): E[] {
  const left = endpoints.map((endpoint) => ({ endpoint, weight: weightOf(endpoint, question) }));
  const drawn: E[] = [];
  while (left.length > 0) {
    const [chosen] = left.splice(pick(left, question.random()), 1);
    if (chosen) drawn.push(chosen.endpoint);
  }
  return drawn;
}

function pick(left: readonly { weight: number }[], random: number): number {
  const free = left.findIndex(({ weight }) => weight === Number.POSITIVE_INFINITY);
  if (free >= 0) return free;
  const total = left.reduce((sum, { weight }) => sum + weight, 0);
  let mark = random * total;
  for (const [index, { weight }] of left.entries()) {
    mark -= weight;
    if (mark < 0) return index;
  }
  return left.length - 1;
}

/** A weight decides chances, not money: a float will do. */
function weightOf(endpoint: Endpoint, question: Question): number {
  const expected = Number(expectedPrice(endpoint, question));
  return expected > 0 ? (1e9 / expected) ** 2 : Number.POSITIVE_INFINITY;
}
