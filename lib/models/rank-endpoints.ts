import type { ProviderPreferences } from "@/lib/protocol/provider-preferences";
import type { Endpoint } from "./catalogue";
import { drawByPrice } from "./draw-by-price";
import { missesPreferredSpeed } from "./preferred-speed";
import { placeAmong } from "./provider-names";
import { sortEndpoints } from "./sort-endpoints";
import type { Speed } from "./speed";
import { byWorth } from "./worth-its-price";

export type Question = {
  /** Estimated prompt tokens. */
  prompt: number;
  /** The caller's cap, or what an answer usually has. */
  output: number;
  preferences: ProviderPreferences;
  /** `ailing`: it had a significant outage a moment ago. `out`: it is not to be asked now. */
  standingOf: (endpoint: Endpoint) => "well" | "ailing" | "out";
  speedOf: (endpoint: Endpoint) => Speed;
  /** The share of its answers whose calls of tools were faulty. */
  toolFaultsOf: (endpoint: Endpoint) => number;
  /** Whether the request has tools, so that it matters. */
  asksForTools: boolean;
  /** Whether the endpoint can go on with what was signed in the conversation. Without it, nothing was signed. */
  readsSignatures?: (endpoint: Endpoint) => boolean;
  /** Any model will do: what counts is the price, and how much of it is of use. */
  byWorth?: boolean;
  /** The share of its tries that failed. */
  failedShareOf?: (endpoint: Endpoint) => number;
  /** The endpoint whose cache knows the beginning of the conversation. */
  stuckTo?: string;
  /** 0 ≤ x < 1, like Math.random: given, so that a test can say what is drawn. */
  random: () => number;
};

/** Where more than one answer in seven has calls that nobody can make, another endpoint is asked first. */
const MOST_TOOL_FAULTS = 0.15;

/** Answers that nobody capped are expected to have this many tokens. */
export const USUAL_OUTPUT_TOKENS = 500;

/**
 * The order in which to try endpoints: those that the caller names first, in his order; then those without a recent
 * outage; of these those that can go on with what was signed, the one that the conversation sticks to, those whose calls
 * of tools are sound where there are tools, those as fast as he would like; and among equals by chance, the cheaper the
 * likelier. With `sort` it is strictly by what he sorts by, whoever failed a moment ago. What is not to be asked now
 * comes last in any order.
 */
export function rankEndpoints<E extends Endpoint>(endpoints: readonly E[], question: Question): E[] {
  return toTheBack(inOrder(endpoints, question), (endpoint) => question.standingOf(endpoint) === "out");
}

function inOrder<E extends Endpoint>(endpoints: readonly E[], question: Question): E[] {
  const { preferences, standingOf, speedOf, stuckTo, asksForTools, toolFaultsOf, readsSignatures } = question;
  const by = preferences.sort?.by;
  const order = preferences.order ?? [];
  const slow = (endpoint: Endpoint) => missesPreferredSpeed(speedOf(endpoint), preferences);
  if (by) return namedFirst(toTheBack(sortEndpoints(endpoints, by, question), slow), order);
  const uselessOf = (endpoint: Endpoint) => (asksForTools ? toolFaultsOf(endpoint) : 0);
  // What comes later in this list goes before what comes earlier.
  const last: ((endpoint: Endpoint) => boolean)[] = [
    slow,
    (endpoint) => uselessOf(endpoint) > MOST_TOOL_FAULTS,
    ({ id }) => order.length === 0 && stuckTo !== undefined && id !== stuckTo,
    (endpoint) => readsSignatures?.(endpoint) === false,
    (endpoint) => standingOf(endpoint) !== "well",
  ];
  const lostOf = (endpoint: Endpoint) =>
    1 - (1 - uselessOf(endpoint)) * (1 - (question.failedShareOf?.(endpoint) ?? 0));
  const ranked = question.byWorth
    ? byWorth(endpoints, { ...question, uselessOf: lostOf })
    : drawByPrice(endpoints, question);
  return namedFirst(last.reduce(toTheBack, ranked), order);
}

const toTheBack = <E extends Endpoint>(endpoints: readonly E[], isLast: (endpoint: Endpoint) => boolean): E[] => [
  ...endpoints.filter((endpoint) => !isLast(endpoint)),
  ...endpoints.filter(isLast),
];

function namedFirst<E extends Endpoint>(endpoints: E[], order: readonly string[]): E[] {
  const placed = endpoints.map((endpoint) => ({ endpoint, place: placeAmong(endpoint, order) ?? order.length }));
  return placed.sort((a, b) => a.place - b.place).map(({ endpoint }) => endpoint);
}
