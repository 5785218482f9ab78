import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { runAutoTopUps } from "./auto-top-up";
import { autoTopUpsEnabled } from "./auto-top-up-settings";
import { paymentsEnabled } from "./stripe";
import { catchUp } from "./stripe-catch-up";

const NUDGE_MS = 1_000;

type State = { running: Promise<void> | undefined; again: boolean; startedAt: number };

const state = () =>
  processWide<State>("auto-top-up", () => ({ running: undefined, again: false, startedAt: Number.NEGATIVE_INFINITY }));

/** Asks Stripe for what was missed, where that is due: it is once in a quarter of an hour, for all processes together. */
export async function catchUpPayments(): Promise<void> {
  if (paymentsEnabled()) await catchUp().catch(report);
}

/** A request was refused for want of credits: whoever has an auto top-up need not wait for the next round. */
export function nudgeAutoTopUps(): void {
  if (performance.now() - state().startedAt > NUDGE_MS) void topUp();
}

/** One round at a time; who asks during one gets another after it. */
export function topUp(): Promise<void> {
  const own = state();
  if (!autoTopUpsEnabled()) return Promise.resolve();
  if (own.running) {
    own.again = true;
    return own.running;
  }
  Object.assign(own, { again: false, startedAt: performance.now() });
  own.running = runAutoTopUps()
    .then(() => {}, report)
    .then(() => {
      own.running = undefined;
      return own.again ? topUp() : undefined;
    });
  return own.running;
}

const report = (error: unknown) =>
  log().warn({ err: error }, "payments could not be looked after; the next round will");
