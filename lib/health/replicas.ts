import { add, type State } from "./endpoint-state";
import type { Tally } from "./tally";

/**
 * What one replica tells the others of an endpoint. Nobody's clock is in it: milliseconds from when it was told, which
 * the database knows for everybody.
 */
export type News = {
  endpointId: string;
  tally: Tally;
  /** Its circuit, where it changed: so long it stays open, and so long ago that was decided. */
  circuit: { openFor: number; trips: number; changedAgo: number; refused?: string } | null;
  /** So long the provider wants to be left alone, where it said so. */
  throttledFor: number | null;
};

/** What has not been told yet; undefined where that is nothing. From now on it has been. */
export function newsOf(endpointId: string, state: State, now: number): News | undefined {
  const { untold, circuit, throttledUntil } = state;
  if (!untold) return undefined;
  state.untold = undefined;
  const { openUntil, trips, changedAt, refused } = circuit;
  return {
    endpointId,
    tally: untold.tally,
    circuit: untold.circuit
      ? { openFor: openUntil === 0 ? 0 : Math.max(1, openUntil - now), trips, changedAgo: now - changedAt, refused }
      : null,
    throttledFor: untold.throttle ? Math.max(0, throttledUntil - now) : null,
  };
}

/** Adds what another replica told at a moment. Of two decisions on a circuit the later one holds, for both of them. */
export function takeIn(state: State, { tally, circuit, throttledFor }: News, toldAt: number): void {
  if (circuit && toldAt - circuit.changedAgo > state.circuit.changedAt) {
    const openUntil = circuit.openFor === 0 ? 0 : toldAt + circuit.openFor;
    if (openUntil === 0 && state.circuit.openUntil > 0) {
      state.short.clear();
      state.circuit.failuresInARow = 0;
    }
    const { trips, refused } = circuit;
    Object.assign(state.circuit, { openUntil, trips, refused, changedAt: toldAt - circuit.changedAgo });
  }
  if (throttledFor !== null) state.throttledUntil = Math.max(state.throttledUntil, toldAt + throttledFor);
  add(state, tally, toldAt);
}
