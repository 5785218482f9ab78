import type { ProviderError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import { close, hasFailedTooOften, open, stateOf } from "./circuit";
import { howMany, percentilesOf } from "./distribution";
import { add, admission, freshState, hasOutage, recently, type State, untold } from "./endpoint-state";
import { mended, outOfOrder } from "./operator-alerts";
import { type News, newsOf, takeIn } from "./replicas";
import { type EndpointReport, reportOf } from "./report";
import { addTally, count, emptyTally, type Speed, speedOf, type Tally, totalsOf } from "./tally";

/** As much of an endpoint as its health is about. */
export type Watched = Keyed & { modelSlug: string; provider: { slug: string; name: string } };

/** An endpoint, and the mark of the operator's credential for it. */
type Keyed = { id: string; provider: { credential?: { mark: string } } };

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

/** A provider that limits the rate and does not say for how long is left alone for so long. */
const USUAL_THROTTLE_MS = 5_000;
/** Where every circuit of a route is open, the best endpoint is asked all the same, by so many at once; a throttled one by one. */
const MOST_LAST_RESORTS = 10;
/** With fewer first words than this nobody knows which is late. */
const FEWEST_TO_JUDGE = 20;
/** Percentiles are computed anew so often, however many ask. */
const SPEED_MS = 1_000;

type Means = {
  now?: () => number;
  random?: () => number;
  /** Only the operator can mend it; and then it is mended. */
  onOut?: (endpoint: Watched, error: ProviderError) => void;
  onMended?: (endpoint: Watched) => void;
};

export type Health = ReturnType<typeof makeHealth>;

/** How endpoints fare with the operator's credential: what this process saw, and what it was told by the others. */
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

  /** What is known of it with the credential that it has now: one that was refused may have been replaced since. */
  const stateWith = ({ id, provider: { credential } }: Keyed): State | undefined => {
    const state = states.get(id);
    const refused = state?.circuit.refused;
    if (state && refused !== undefined && credential && credential.mark !== refused) {
      close(state.circuit, now());
      state.short.clear();
    }
    return state;
  };

  const note = (state: State, tally: Tally) => {
    add(state, tally, now());
    addTally(untold(state).tally, tally);
  };

  const answered = (endpoint: Watched, state: State, firstTokenMs: number | undefined, proves: boolean) => {
    const tally = { ...emptyTally(), answered: 1 };
    if (firstTokenMs !== undefined) count(tally.firstToken, firstTokenMs / 1000);
    note(state, tally);
    state.circuit.connectFailures = 0;
    state.circuit.failuresInARow = 0;
    const isOpen = state.circuit.openUntil > 0;
    if (isOpen && !proves) return;
    if (proves) state.throttledUntil = 0;
    if (isOpen) {
      close(state.circuit, now());
      untold(state).circuit = true;
      state.short.clear();
    }
    if (!state.alerted) return;
    state.alerted = false;
    onMended(endpoint);
  };

  const throttled = (state: State, seconds: number | undefined) => {
    const wait = seconds === undefined ? USUAL_THROTTLE_MS : seconds * 1000;
    state.throttledUntil = Math.max(state.throttledUntil, now() + wait);
    untold(state).throttle = true;
  };

  const failed = (endpoint: Watched, state: State, error: ProviderError, { wasProbe = false, hadBegun = false }) => {
    if (error.health === "none") return;
    if (error.health === "throttled") return throttled(state, error.retryAfter);
    // It was counted as an answer when it said its first word.
    note(state, { ...emptyTally(), failed: 1, answered: hadBegun ? -1 : 0 });
    const { circuit } = state;
    circuit.failuresInARow++;
    const unconnected = error.failure === "transport" || error.phase === "connect";
    circuit.connectFailures = unconnected && !hadBegun ? circuit.connectFailures + 1 : 0;
    if (error.health === "out" && !isOfTheCallersMaking(state, error)) {
      state.alerted = true;
      onOut(endpoint, error);
      trip(state, true, error.failure === "credential" ? endpoint.provider.credential?.mark : undefined);
    } else if (wasProbe || failsTooOften(state)) {
      trip(state);
    }
  };

  const failsTooOften = (state: State) =>
    stateOf(state.circuit, now()) === "closed" && hasFailedTooOften(state.circuit, recently(state, now()));

  const trip = (state: State, out = false, refused?: string) => {
    open(state.circuit, now(), random, out, refused);
    untold(state).circuit = true;
  };

  /** A file or an id that a caller names may be unknown to an endpoint that knows its model well: it answered others. */
  const isOfTheCallersMaking = (state: State, { failure }: ProviderError) =>
    failure === "misconfigured" && totalsOf(state.middle.slots(now())).answered > 0;

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
      const state = stateWith(endpoint) ?? stateFor(endpoint.id);
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
    noteThroughput(id: string, tokensPerSecond: number): void {
      const tally = emptyTally();
      count(tally.throughput, tokensPerSecond);
      note(stateFor(id), tally);
    },

    standingOf(endpoint: Keyed): Standing {
      const state = stateWith(endpoint);
      if (!state) return "well";
      const kind = admission(state, now());
      if (kind === "not") return "out";
      // Whoever may try it tries it: at the back of the line nobody ever would.
      return kind === "freely" && hasOutage(state, now()) ? "ailing" : "well";
    },

    /** Of the last five minutes. */
    speedOf(id: string): Speed {
      const state = states.get(id);
      if (!state) return {};
      const at = now();
      if (!state.speed || at - state.speed.at > SPEED_MS) state.speed = { at, speed: speedOf(state.middle.slots(at)) };
      return state.speed.speed;
    },

    /**
     * Milliseconds after which its first word is later than nineteen in twenty of the last five minutes; undefined where
     * too few were measured to say so.
     */
    lateAfter(id: string): number | undefined {
      const state = states.get(id);
      const measured = state?.middle.slots(now()).map(({ firstToken }) => firstToken) ?? [];
      if (measured.reduce((sum, counts) => sum + howMany(counts), 0) < FEWEST_TO_JUDGE) return undefined;
      const p95 = percentilesOf(measured, "lower")?.p95;
      return p95 === undefined ? undefined : p95 * 1000;
    },

    /** The share of the last five minutes' tries that failed, from 0 to 1; a few tries say little. */
    failedShareOf(id: string): number {
      const state = states.get(id);
      if (!state) return 0;
      const { answered, failed } = totalsOf(state.middle.slots(now()));
      return failed / (answered + failed + 5);
    },

    /** Milliseconds until it may be asked again, and whether that is the provider's wish. */
    waitFor(id: string): { milliseconds: number; throttled: boolean } {
      const { throttledUntil, circuit } = stateFor(id);
      const at = now();
      return {
        milliseconds: Math.max(0, throttledUntil - at, circuit.openUntil - at),
        throttled: throttledUntil > at,
      };
    },

    /** What the other replicas have not been told yet; from now on they have. */
    takeNews: (): News[] => [...states].flatMap(([id, state]) => newsOf(id, state, now()) ?? []),

    /** What stands of news that did not get through. */
    tellAgain(news: readonly News[]): void {
      for (const { endpointId, circuit, throttledFor } of news) {
        if (!circuit && throttledFor === null) continue;
        const again = untold(stateFor(endpointId));
        if (circuit) again.circuit = true;
        if (throttledFor !== null) again.throttle = true;
      }
    },

    /** What another replica told, so many milliseconds ago. */
    hear(news: News, age: number): void {
      const state = stateFor(news.endpointId);
      takeIn(state, news, now() - age);
      if (failsTooOften(state)) trip(state);
    },

    /** For the operator: each endpoint that was asked here, or of which another process told; in no order. */
    report: (): EndpointReport[] => [...states].map(([id, state]) => reportOf(id, state, now())),
  };
}

export const health = () => processWide("endpoint-health", () => makeHealth({ onOut: outOfOrder, onMended: mended }));
