import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "@/db/schema";
import { env } from "@/lib/env";
import type { ProviderError } from "@/lib/errors";
import { type Budget, makeBudget } from "@/lib/health/budget";
import { type Health, health, type Trial } from "@/lib/health/endpoint-health";
import { processWide } from "@/lib/process-wide";
import { type Answer, type Calling, callEndpoint, type Outcome } from "./call-endpoint";
import { asTold, type Failed, nobodyAsked, toAttempt } from "./failed-route";
import { hedgeBudget, raced } from "./hedge";
import type { OwnKey } from "./own-keys";
import type { Stop } from "./plan-route";

export type { Answer } from "./call-endpoint";

/** Where few come, so many may be asked again all the same. */
const LEAST_RETRIES = 3;

const retryBudget = () =>
  processWide("retry-budget", () => {
    const { RETRY_BUDGET_PERCENT: percent = 10 } = env();
    return makeBudget({ share: percent / 100, floor: percent === 0 ? 0 : LEAST_RETRIES, windowMs: 10_000 });
  });

const BACKOFF_MS = 200;
/** A longer wait than this that a provider asks for is not sat out: another endpoint is asked. */
const LONGEST_THROTTLE_SECONDS = 2;

type Admitting = Pick<Health, "begin" | "beginRegardless" | "standingOf" | "waitFor" | "lateAfter">;

export type Asking = Calling & {
  /** What was tried before the one that answered, or before the last one. */
  attempts: Attempt[];
  /** Aborted when the caller went away: then nothing is tried any more. */
  caller: AbortSignal;
  /** Whether the next endpoint may be asked beside one that is late. */
  hedge?: boolean;
  health?: Admitting;
  retries?: Budget;
  hedges?: Budget;
  random?: () => number;
};

/**
 * Calls endpoints in order and returns the first that says something. Only the silence before the first word can be
 * hidden from the caller; what fails after it is his to see. What may be tried after which failure is the table in
 * `lib/errors.ts`; an endpoint that its health leaves out is passed over, unless there is no other.
 *
 * @throws the last endpoint's failure, with those before it in its metadata
 */
export async function firstAnswer(stops: readonly Stop[], asking: Asking): Promise<Answer> {
  const { attempts, caller, signal, health: healths = health(), retries = retryBudget() } = asking;
  const { hedges = hedgeBudget() } = asking;
  const startedAt = performance.now();
  const passedOver: Stop[] = [];
  const askedAgain = new Set<Stop>();
  let left = [...stops];
  let last: Failed | undefined;
  retries.earn();
  hedges.earn();
  const call = (racer: Racer): Promise<Outcome> =>
    asking.hedge && !racer.stop.own
      ? raced(racer, {
          ...asking,
          lateAfter: ({ id }) => healths.lateAfter(id),
          rival: () => rivalOf(racer.stop, left, hedges, healths),
        })
      : callEndpoint(racer.stop, racer.trial, asking).outcome;

  // Nobody waits for what another endpoint would say.
  while (!last || !caller.aborted) {
    const next = nextTrial(left, passedOver, last === undefined, healths);
    if (!next) break;
    if (last) attempts.push(toAttempt(last));
    const outcome = await call(next);
    if ("answer" in outcome) return outcome.answer;
    last = outcome;
    const { stop, error } = outcome;
    // What the same model would answer everywhere, another may answer otherwise.
    if (!error.tryNext) left = left.filter(({ modelSlug }) => modelSlug !== stop.modelSlug);
    if (askedAgain.has(stop) || !error.tryAgain) continue;
    const wait = waitBefore(error, asking.random);
    const late = performance.now() - startedAt + (wait ?? 0) > asking.deadlines(stop).firstToken;
    if (wait === undefined || late || isOut(stop, error, healths) || !retries.spend()) continue;
    askedAgain.add(stop);
    left.unshift(stop);
    await sleep(wait, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  }
  if (!last) throw nobodyAsked(passedOver, healths);
  throw asTold(last, { attempts, passedOver, healths });
}

type Racer = { stop: Stop; trial: Trial };

/**
 * Takes from the line who may be asked beside an endpoint that is late: the next of the same model. A caller's own key
 * is never raced: his provider would charge him for both.
 */
function rivalOf({ modelSlug }: Stop, left: Stop[], hedges: Budget, healths: Admitting): Racer | undefined {
  const at = left.findIndex((stop) => stop.modelSlug === modelSlug && !stop.own && healths.standingOf(stop) !== "out");
  const stop = left[at];
  const trial = stop && hedges.spend() ? healths.begin(stop) : undefined;
  if (!stop || !trial) return undefined;
  left.splice(at, 1);
  return { stop, trial };
}

/** Takes what is next in line and has leave to be asked. Where nothing has and nothing was asked, the least bad is, once. */
function nextTrial(left: Stop[], passedOver: Stop[], nothingAsked: boolean, healths: Admitting) {
  for (let stop = left.shift(); stop; stop = left.shift()) {
    const trial = stop.own ? trialOfOwn(stop.own) : healths.begin(stop);
    if (trial) return { stop, trial };
    passedOver.push(stop);
  }
  if (!nothingAsked) return undefined;
  const waits = passedOver.map((stop) => ({ stop, ...healths.waitFor(stop.id) }));
  const [best] = waits.sort((a, b) => Number(a.throttled) - Number(b.throttled) || a.milliseconds - b.milliseconds);
  const trial = best && healths.beginRegardless(best.stop);
  return trial ? { stop: best.stop, trial } : undefined;
}

/** What a caller's own key meets says nothing of how the endpoint fares with the operator's. */
const trialOfOwn = (own: OwnKey): Trial => ({
  answered: () => own.note(null),
  failed: ({ failure }) => own.note(failure),
  dropped: () => {},
});

/** Its circuit opened: to wait for it would be in vain. */
const isOut = (stop: Stop, { health }: ProviderError, { standingOf }: Admitting) =>
  !stop.own && health !== "throttled" && standingOf(stop) === "out";

/** Milliseconds before the same endpoint is asked again; undefined where that would be too long. */
function waitBefore({ failure, retryAfter }: ProviderError, random = Math.random): number | undefined {
  // Anywhere between nothing and the whole, so that those who failed together do not come back together.
  if (failure !== "throttled") return BACKOFF_MS * random();
  if (retryAfter === undefined || retryAfter > LONGEST_THROTTLE_SECONDS) return undefined;
  return retryAfter * 1000 + BACKOFF_MS * (0.5 + random() / 2);
}
