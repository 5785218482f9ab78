/** Whether an endpoint is asked at all. Milliseconds of a clock that only goes forward. */
export type Circuit = {
  /** It is closed, and everybody passes, where this is 0. */
  openUntil: number;
  /** How often it opened since it was last closed. */
  trips: number;
  /** Requests under way that try whether it may be closed. */
  probes: number;
  /** Connections that failed one after the other. */
  connectFailures: number;
  /** Failures of any kind, one after the other. */
  failuresInARow: number;
  changedAt: number;
  /** The mark of the operator's credential that was refused, where that opened it: with another one it need not stay so. */
  refused: string | undefined;
};

export type CircuitState = "closed" | "open" | "half-open";

const FIRST_MS = 10_000;
const LONGEST_MS = 5 * 60_000;
const LEAST_FAILURES = 5;
const WORST_SHARE = 0.5;
const MOST_CONNECT_FAILURES = 3;
/** So many that one of which a fifth fails hardly ever comes to it: what was answered before it went down need not be outweighed. */
const MOST_FAILURES_IN_A_ROW = 10;
const MOST_PROBES = 1;

export const closedCircuit = (): Circuit => ({
  ...{ openUntil: 0, trips: 0, probes: 0, connectFailures: 0, failuresInARow: 0, changedAt: 0 },
  refused: undefined,
});

export function stateOf({ openUntil }: Circuit, now: number): CircuitState {
  if (openUntil === 0) return "closed";
  return now < openUntil ? "open" : "half-open";
}

/** How a request passes: like any other, as the one that tries, or not at all. */
export function passes(circuit: Circuit, now: number): "freely" | "as a probe" | "not" {
  const state = stateOf(circuit, now);
  if (state === "closed") return "freely";
  return state === "half-open" && circuit.probes < MOST_PROBES ? "as a probe" : "not";
}

/** Whether what failed lately is enough to ask it no more for a while. */
export const hasFailedTooOften = (
  { connectFailures, failuresInARow }: Circuit,
  { answered, failed }: { answered: number; failed: number },
): boolean =>
  connectFailures >= MOST_CONNECT_FAILURES ||
  failuresInARow >= MOST_FAILURES_IN_A_ROW ||
  (failed >= LEAST_FAILURES && failed / (Math.max(0, answered) + failed) >= WORST_SHARE);

/**
 * Opens it: for ten seconds at first and twice as long each time that a probe fails, up to five minutes, which is also
 * how long it is `out` at once where only the operator can mend it. A quarter more or less, so that replicas do not
 * come back together.
 *
 * @param refused the mark of the credential, where that is what only the operator can mend
 */
export function open(circuit: Circuit, now: number, random: () => number, out = false, refused?: string): void {
  const milliseconds = out ? LONGEST_MS : Math.min(FIRST_MS * 2 ** circuit.trips, LONGEST_MS);
  circuit.trips += 1;
  circuit.openUntil = now + milliseconds * (0.75 + random() / 2);
  circuit.connectFailures = 0;
  circuit.failuresInARow = 0;
  circuit.changedAt = now;
  circuit.refused = refused;
}

export function close(circuit: Circuit, now: number): void {
  Object.assign(circuit, {
    openUntil: 0,
    trips: 0,
    connectFailures: 0,
    failuresInARow: 0,
    changedAt: now,
    refused: undefined,
  });
}
