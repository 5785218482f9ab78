import { type CircuitState, stateOf } from "./circuit";
import type { State } from "./endpoint-state";
import { type Speed, speedOf, type Tally, totalsOf } from "./tally";
import type { Window } from "./window";

type WindowReport = Speed & { answered: number; failed: number; successRate: number | null };

/** An endpoint as its operator looks at it. */
export type EndpointReport = {
  id: string;
  circuit: CircuitState;
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
