import type { ProviderPreferences } from "@/lib/protocol/provider-preferences";
import type { Endpoint } from "./catalogue";
import { drawByPrice } from "./draw-by-price";
import { missesPreferredSpeed } from "./preferred-speed";
import { placeAmong } from "./provider-names";
import { sortEndpoints } from "./sort-endpoints";
import type { Speed } from "./speed";

export type Question = {
  /** Estimated prompt tokens. */
  prompt: number;
  /** The caller's cap, or what an answer usually has. */
  output: number;
  preferences: ProviderPreferences;
  /** `ailing`: it had a significant outage a moment ago. `out`: it is not to be asked now. */
  standingOf: (endpoint: Endpoint) => "well" | "ailing" | "out";
  speedOf: (endpoint: Endpoint) => Speed;
  /** The endpoint whose cache knows the beginning of the conversation. */
  stuckTo?: string;
  /** 0 ≤ x < 1, like Math.random: given, so that a test can say what is drawn. */
  random: () => number;
};

/** Answers that nobody capped are expected to have this many tokens. */
export const USUAL_OUTPUT_TOKENS = 500;

/**
 * The order in which to try endpoints: those that the caller names first, in his order; then those without a recent
 * outage, the one that the conversation sticks to before the others; then those as fast as he would like; and among equals by chance, the cheaper the likelier. With `sort` it is
 * strictly by what he sorts by, whoever failed a moment ago. What is not to be asked now comes last in any order.
 */
export function rankEndpoints<E extends Endpoint>(endpoints: readonly E[], question: Question): E[] {
  return toTheBack(inOrder(endpoints, question), (endpoint) => question.standingOf(endpoint) === "out");
}

function inOrder<E extends Endpoint>(endpoints: readonly E[], question: Question): E[] {
  const { preferences, standingOf, speedOf, stuckTo } = question;
  const by = preferences.sort?.by;
  const ranked = by ? sortEndpoints(endpoints, by, question) : drawByPrice(endpoints, question);
  const fast = toTheBack(ranked, (endpoint) => missesPreferredSpeed(speedOf(endpoint), preferences));
  const order = preferences.order ?? [];
  if (by) return namedFirst(fast, order);
  const stuck = order.length > 0 ? fast : toTheBack(fast, ({ id }) => id !== stuckTo);
  return namedFirst(
    toTheBack(stuck, (endpoint) => standingOf(endpoint) !== "well"),
    order,
  );
}

const toTheBack = <E extends Endpoint>(endpoints: readonly E[], isLast: (endpoint: E) => boolean): E[] => [
  ...endpoints.filter((endpoint) => !isLast(endpoint)),
  ...endpoints.filter(isLast),
];

function namedFirst<E extends Endpoint>(endpoints: E[], order: readonly string[]): E[] {
  const placed = endpoints.map((endpoint) => ({ endpoint, place: placeAmong(endpoint, order) ?? order.length }));
  return placed.sort((a, b) => a.place - b.place).map(({ endpoint }) => endpoint);
}
