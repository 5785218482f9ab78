import type { Attempt } from "@/db/schema";
import { type Budget, makeBudget } from "@/lib/health/budget";
import type { Trial } from "@/lib/health/endpoint-health";
import { processWide } from "@/lib/process-wide";
import { type Calling, callEndpoint, type Outcome } from "./call-endpoint";
import { toAttempt } from "./failed-route";
import type { Stop } from "./plan-route";

/** Of all requests of five minutes so many may be asked of two endpoints at once: the second one's work is the house's loss. */
export const hedgeBudget = (): Budget =>
  processWide("hedge-budget", () => makeBudget({ share: 0.05, floor: 0, windowMs: 5 * 60_000 }));

type Racer = { stop: Stop; trial: Trial };

export type Race = Calling & {
  attempts: Attempt[];
  /** Milliseconds after which an endpoint's first word is later than nineteen in twenty of its; undefined where nobody knows. */
  lateAfter: (stop: Stop) => number | undefined;
  /** The next endpoint that may be asked beside the first, if there is one. */
  rival: () => Racer | undefined;
};

/** What the log says of the one that was slower. Its status is that of a caller who went away. */
const toSlower = ({ provider, modelSlug }: Stop, ms: number): Attempt => ({
  ...{ provider: provider.slug, model: modelSlug, failure: "hedged", status: 499, ms: Math.round(ms) },
});

/**
 * Calls an endpoint and, when its first word is late, the next one beside it. Whoever speaks first is the answer, and the
 * other is ended: it is never billed. When one of them fails, the other decides.
 */
export async function raced({ stop, trial }: Racer, race: Race): Promise<Outcome> {
  const startedAt = performance.now();
  const first = callEndpoint(stop, trial, race);
  const wait = race.lateAfter(stop);
  if (wait === undefined || (await isOver(first.outcome, wait))) return first.outcome;
  const rival = race.rival();
  if (!rival) return first.outcome;
  const rivalSince = performance.now();
  const second = callEndpoint(rival.stop, rival.trial, race);
  // One of the two is waited for at a time; a caller who hangs up ends both.
  for (const { outcome } of [first, second]) outcome.catch(() => {});
  const faster = await Promise.race([
    first.outcome.then((outcome) => ({ outcome, other: second, slower: rival.stop, since: rivalSince })),
    second.outcome.then((outcome) => ({ outcome, other: first, slower: stop, since: startedAt })),
  ]);
  if ("answer" in faster.outcome) {
    faster.other.abandon();
    race.attempts.push(toSlower(faster.slower, performance.now() - faster.since));
    return faster.outcome;
  }
  race.attempts.push(toAttempt(faster.outcome));
  return faster.other.outcome;
}

/** Whether a call has come to something within so many milliseconds. */
async function isOver(outcome: Promise<Outcome>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  return Promise.race([outcome.then(() => true), late]).finally(() => clearTimeout(timer));
}
