import type { ProviderError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import {
  type Circuit,
  type CircuitState,
  close,
  closedCircuit,
  hasFailedTooOften,
  open,
  passes,
  stateOf,
} from "./circuit";
import { count, emptyTally, type Speed, speedOf, type Tally, totalsOf } from "./tally";
import { makeWindow, type Window } from "./window";

/** As much of an endpoint as its health is about. */
export type Watched = { id: string; modelSlug: string; provider: { slug: string; name: string } };

/** One request to an endpoint with the operator's credential. It is told how it went, once; later words are not heard. */
export type Trial = {
  /** @param firstTokenMs how long its first word took; undefined where the answer was not streamed */
  answered: (firstTokenMs: number | undefined) => void;
  failed: (error: ProviderError) => void;
  /** It ended without a lesson: the caller went away, or another endpoint was faster. */
  dropped: () => void;
};

/**
 * Where an endpoint stands with those who choose: `well`; `ailing`, after a significant outage in the last half minute;
 * `out`, when it is not to be asked now.
 */
export type Standing = "well" | "ailing" | "out";

const SHORT_MS = 30_000;
const MIDDLE_MS = 5 * 60_000;
const LONG_MS = 30 * 60_000;

/** A provider that limits the rate and does not say for how long is left alone for so long. */
const USUAL_THROTTLE_MS = 5_000;
/** Of its answers in the last half minute a larger share of failures is a significant outage. */
const SIGNIFICANT_SHARE = 0.2;
/** Of fewer requests than this the last one tells more than a share does. */
const FEW = 5;
/** Where every circuit of a route is open, the best endpoint is asked all the same, by so many at once; a throttled one by one. */
const MOST_LAST_RESORTS = 10;

type State = {
  short: Window<Tally>;
  middle: Window<Tally>;
  long: Window<Tally>;
  circuit: Circuit;
  throttledUntil: number;
  answeredAt: number;
  failedAt: number;
  lastResorts: number;
  speed?: { at: number; speed: Speed };
};

type Means = {
  now?: () => number;
  random?: () => number;
  /** Only the operator can mend it; and then it is mended. */
  onOut?: (endpoint: Watched, error: ProviderError) => void;
  onMended?: (endpoint: Watched) => void;
};

export type Health = ReturnType<typeof makeHealth>;

/** How endpoints fare with the operator's credential, as far as this process knows. */
export function makeHealth({
  now = () => performance.now(),
  random = Math.random,
  onOut = () => {},
  onMended = () => {},
}: Means = {}) {
  const states = new Map<string, State>();
  const stateFor = (id: string): State => {
    const known = states.get(id);
    if (known) return known;
    const state = freshState();
    states.set(id, state);
    return state;
  };

  const note = (state: State, change: (tally: Tally) => void, at = now()) => {
    for (const window of [state.short, state.middle, state.long]) {
      const tally = window.at(at);
      if (tally) change(tally);
    }
  };

  const admission = (state: State, at: number) =>
    at < state.throttledUntil ? ("not" as const) : passes(state.circuit, at);

  const answered = (endpoint: Watched, state: State, firstTokenMs: number | undefined, proves: boolean) => {
    const at = now();
    note(state, (tally) => {
      tally.answered++;
      if (firstTokenMs !== undefined) count(tally.firstToken, firstTokenMs / 1000);
    });
    state.answeredAt = at;
    state.circuit.connectFailures = 0;
    if (!proves) return;
    state.throttledUntil = 0;
    if (state.circuit.openUntil === 0) return;
    close(state.circuit, at);
    // What was before is no reason to open it again.
    state.short.clear();
    onMended(endpoint);
  };

  const failed = (endpoint: Watched, state: State, error: ProviderError, { wasProbe = false, hadBegun = false }) => {
    const at = now();
    if (error.health === "none") return;
    if (error.health === "throttled") {
      const wait = error.retryAfter === undefined ? USUAL_THROTTLE_MS : error.retryAfter * 1000;
      state.throttledUntil = Math.max(state.throttledUntil, at + wait);
      return;
    }
    note(state, (tally) => {
      tally.failed++;
      // It was counted as an answer when it said its first word.
      if (hadBegun) tally.answered--;
    });
    state.failedAt = at;
    const { circuit } = state;
    const unconnected = error.failure === "transport" || error.phase === "connect";
    circuit.connectFailures = unconnected && !hadBegun ? circuit.connectFailures + 1 : 0;
    if (error.health === "out" && !isOfTheCallersMaking(state, error, at)) {
      onOut(endpoint, error);
      open(circuit, at, random, true);
    } else if (wasProbe || (stateOf(circuit, at) === "closed" && hasFailedTooOften(circuit, recently(state, at)))) {
      open(circuit, at, random);
    }
  };

  const recently = (state: State, at: number) => totalsOf(state.short.slots(at));

  /** A file or an id that a caller names may be unknown to an endpoint that knows its model well: it answered others. */
  const isOfTheCallersMaking = (state: State, { failure }: ProviderError, at: number) =>
    failure === "misconfigured" && totalsOf(state.middle.slots(at)).answered > 0;

  const trial = (endpoint: Watched, state: State, kind: "freely" | "as a probe" | "regardless"): Trial => {
    if (kind === "as a probe") state.circuit.probes++;
    if (kind === "regardless") state.lastResorts++;
    let over = false;
    const once = (lesson: () => void) => {
      if (over) return;
      over = true;
      if (kind === "as a probe") state.circuit.probes--;
      if (kind === "regardless") state.lastResorts--;
      lesson();
    };
    return {
      answered: (firstTokenMs) => once(() => answered(endpoint, state, firstTokenMs, kind !== "freely")),
      failed: (error) => once(() => failed(endpoint, state, error, { wasProbe: kind === "as a probe" })),
      dropped: () => once(() => {}),
    };
  };

  return {
    /** Leave to ask an endpoint; undefined while its circuit is open, its one probe is under way, or it is throttled. */
    begin(endpoint: Watched): Trial | undefined {
      const state = stateFor(endpoint.id);
      const kind = admission(state, now());
      return kind === "not" ? undefined : trial(endpoint, state, kind);
    },

    /** Leave to ask an endpoint that has none, because nobody else is left; to a few at once only. */
    beginRegardless(endpoint: Watched): Trial | undefined {
      const state = stateFor(endpoint.id);
      const most = now() < state.throttledUntil ? 1 : MOST_LAST_RESORTS;
      return state.lastResorts < most ? trial(endpoint, state, "regardless") : undefined;
    },

    /** An answer that had begun broke off. */
    brokeOff: (endpoint: Watched, error: ProviderError) =>
      failed(endpoint, stateFor(endpoint.id), error, { hadBegun: true }),

    /** How fast an answer came, from its first word to its last. */
    noteThroughput: (id: string, tokensPerSecond: number) =>
      note(stateFor(id), (tally) => count(tally.throughput, tokensPerSecond)),

    standingOf(id: string): Standing {
      const state = states.get(id);
      if (!state) return "well";
      const at = now();
      const kind = admission(state, at);
      if (kind === "not") return "out";
      // Whoever may try it tries it: at the back of the line nobody ever would.
      if (kind === "as a probe") return "well";
      return hasOutage(state, recently(state, at)) ? "ailing" : "well";
    },

    /** Of the last five minutes. */
    speedOf(id: string): Speed {
      const state = states.get(id);
      if (!state) return {};
      const at = now();
      if (!state.speed || at - state.speed.at > 1_000) state.speed = { at, speed: speedOf(state.middle.slots(at)) };
      return state.speed.speed;
    },

    /** Milliseconds until it may be asked again, and whether that is the provider's wish. */
    waitFor(id: string): { milliseconds: number; throttled: boolean } {
      const { throttledUntil, circuit } = stateFor(id);
      const at = now();
      const throttled = throttledUntil > at;
      return { milliseconds: Math.max(0, throttledUntil - at, circuit.openUntil - at), throttled };
    },

    /** For the operator: each endpoint that this process knows. */
    report: () => [...states].map(([id, state]) => reportOf(id, state, now())),
  };
}

const freshState = (): State => ({
  short: makeWindow(SHORT_MS, emptyTally),
  middle: makeWindow(MIDDLE_MS, emptyTally),
  long: makeWindow(LONG_MS, emptyTally),
  circuit: closedCircuit(),
  throttledUntil: 0,
  answeredAt: Number.NEGATIVE_INFINITY,
  failedAt: Number.NEGATIVE_INFINITY,
  lastResorts: 0,
});

function hasOutage(
  { answeredAt, failedAt }: State,
  { answered, failed }: { answered: number; failed: number },
): boolean {
  const all = answered + failed;
  if (failed === 0 || failed / all <= SIGNIFICANT_SHARE) return false;
  return all >= FEW || failedAt > answeredAt;
}

type WindowReport = Speed & { answered: number; failed: number; successRate: number | null };

export type EndpointReport = {
  id: string;
  circuit: CircuitState;
  throttled: boolean;
  windows: Record<"30s" | "5m" | "30m", WindowReport>;
};

function reportOf(id: string, { short, middle, long, circuit, throttledUntil }: State, at: number): EndpointReport {
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

export const health = () => processWide("endpoint-health", () => makeHealth());
