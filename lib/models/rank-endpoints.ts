import type { Endpoint } from "./catalogue";
import { pricesFor } from "./price";

type Question = {
  /** Estimated prompt tokens. */
  prompt: number;
  /** The caller's cap, or what an answer usually has. */
  output: number;
  /** Whether the endpoint failed a moment ago. */
  hadOutage: (endpoint: Endpoint) => boolean;
  /** 0 ≤ x < 1, like Math.random: given, so that a test can say what is drawn. */
  random: () => number;
};

/** Answers that nobody capped are expected to have this many tokens. */
export const USUAL_OUTPUT_TOKENS = 500;

/**
 * The order in which to try endpoints: those without a recent outage first, and within each group drawn one after the
 * other with a weight of the inverse square of the request's expected price, as OpenRouter does. A free endpoint comes
 * before every one that costs.
 */
export function rankEndpoints(endpoints: readonly Endpoint[], question: Question): Endpoint[] {
  const healthy = endpoints.filter((endpoint) => !question.hadOutage(endpoint));
  const ailing = endpoints.filter((endpoint) => question.hadOutage(endpoint));
  return [...draw(healthy, question), ...draw(ailing, question)];
}

function draw(endpoints: readonly Endpoint[], question: Question): Endpoint[] {
  const left = endpoints.map((endpoint) => ({ endpoint, weight: weightOf(endpoint, question) }));
  const drawn: Endpoint[] = [];
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
function weightOf({ prices }: Endpoint, { prompt, output }: Question): number {
  const { prompt: promptPrice, completion } = pricesFor(prices, prompt);
  const expected = prompt * Number(promptPrice) + output * Number(completion) + Number(prices.request) * 1000;
  return expected > 0 ? (1e9 / expected) ** 2 : Number.POSITIVE_INFINITY;
}
