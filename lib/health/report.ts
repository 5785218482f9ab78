import { type CircuitState, stateOf } from "./circuit";
import type { State } from "./endpoint-state";
import { type Speed, speedOf, type Tally, totalsOf } from "./tally";
import type { Window } from "./window";

/**
 * What came of the requests of some stretch of time. `latency` is seconds to the first word of streamed answers,
 * `throughput` tokens a second after it, each as `{p50, p75, p90, p95, p99}`; undefined where nothing was measured.
 */
export type WindowReport = Speed & {
  answered: number;
  /** Whatever counts against the endpoint: not what callers got wrong, nor limits of the rate. */
  failed: number;
  /** From 0 to 1; null where nobody asked. */
  successRate: number | null;
};

/**
 * An endpoint as its operator looks at it: what this process saw with the operator's credential, and what the others
 * told it. Plain data, as JSON takes it; a process that has just started knows five minutes of the others.
 */
export type EndpointReport = {
  /** Of the row in `endpoints`. */
  id: string;
  /** Closed: everybody passes. Open: nobody. Half-open: one at a time tries whether it answers. */
  circuit: CircuitState;
  /** Its provider limits the rate, and wants to be left alone. */
  throttled: boolean;
  windows: Record<"30s" | "5m" | "30m", WindowReport>;
};

export function reportOf(id: string, state: State, at: number): EndpointReport {
  const { short, middle, long, circuit, throttledUntil } = state;
  const of = (window: Window<Tally>): WindowReport => {
    const slots = window.slots(at);
    const { answered, failed } = totalsOf(slots);
    const all = answered + failed;
    return { answered, failed, successRate: all > 0 ? answered / all : null, ...speedOf(slots) };
  };
  return {
    id,
    circuit: stateOf(circuit, at),
    throttled: throttledUntil > at,
    windows: { "30s": of(short), "5m": of(middle), "30m": of(long) },
  };
}
