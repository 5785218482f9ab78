import { type Circuit, closedCircuit, passes } from "./circuit";
import { addTally, emptyTally, type Speed, type Tally, totalsOf } from "./tally";
import { makeWindow, type Window } from "./window";

/** What a process knows of an endpoint. Moments are milliseconds of its own clock that only goes forward. */
export type State = {
  short: Window<Tally>;
  middle: Window<Tally>;
  long: Window<Tally>;
  circuit: Circuit;
  throttledUntil: number;
  answeredAt: number;
  failedAt: number;
  lastResorts: number;
  /** The operator was told that he must mend it, and not yet that it is mended. */
  alerted: boolean;
  /** The speed of the last five minutes, and when it was computed. */
  speed?: { at: number; speed: Speed };
  /** What the other replicas have not been told yet. */
  untold: { tally: Tally; circuit: boolean; throttle: boolean } | undefined;
};

export const SHORT_MS = 30_000;
const MIDDLE_MS = 5 * 60_000;
const LONG_MS = 30 * 60_000;

/** Of its answers in the last half minute a larger share of failures is a significant outage. */
const SIGNIFICANT_SHARE = 0.2;
/** Of fewer requests than this the last one tells more than a share does. */
const FEW = 5;

export const freshState = (): State => ({
  short: makeWindow(SHORT_MS, emptyTally),
  middle: makeWindow(MIDDLE_MS, emptyTally),
  long: makeWindow(LONG_MS, emptyTally),
  circuit: closedCircuit(),
  throttledUntil: 0,
  answeredAt: Number.NEGATIVE_INFINITY,
  failedAt: Number.NEGATIVE_INFINITY,
  lastResorts: 0,
  alerted: false,
  untold: undefined,
});

export const untold = (state: State) => (state.untold ??= { tally: emptyTally(), circuit: false, throttle: false });

/** Adds what happened at a moment to every window that reaches back so far. What came before a circuit was closed is no reason to open it. */
export function add(state: State, tally: Tally, at: number): void {
  const { short, middle, long, circuit } = state;
  const sinceClosed = circuit.openUntil > 0 || at >= circuit.changedAt;
  for (const window of sinceClosed ? [short, middle, long] : [middle, long]) {
    const slot = window.at(at);
    if (slot) addTally(slot, tally);
  }
  if (tally.answered > 0) state.answeredAt = Math.max(state.answeredAt, at);
  if (tally.failed > 0) state.failedAt = Math.max(state.failedAt, at);
}

/** How a request would pass at a moment. */
export const admission = ({ throttledUntil, circuit }: State, at: number) =>
  at < throttledUntil ? ("not" as const) : passes(circuit, at);

export const recently = ({ short }: State, at: number) => totalsOf(short.slots(at));

/** Whether it failed significantly in the last half minute. */
export function hasOutage(state: State, at: number): boolean {
  const { answered, failed } = recently(state, at);
  const all = answered + failed;
  if (failed === 0 || failed / all <= SIGNIFICANT_SHARE) return false;
  return all >= FEW || state.failedAt > state.answeredAt;
}
