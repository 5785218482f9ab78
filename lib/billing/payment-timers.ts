import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { runAutoTopUps } from "./auto-top-up";
import { autoTopUpsEnabled } from "./auto-top-up-settings";
import { paymentsEnabled } from "./stripe";
import { catchUp } from "./stripe-catch-up";

const TOP_UP_MS = 10_000;
/** How often it is asked whether a catch-up is due; it is once in a quarter of an hour, for all processes together. */
const CATCH_UP_MS = 60_000;
const NUDGE_MS = 1_000;

type State = { running: boolean; again: boolean; startedAt: number };

const state = () =>
  processWide<State>("auto-top-up", () => ({ running: false, again: false, startedAt: Number.NEGATIVE_INFINITY }));

export function startPaymentTimers(): void {
  if (!paymentsEnabled()) return;
  processWide("payment-timers", () => [
    setInterval(topUp, TOP_UP_MS).unref(),
    setInterval(() => void catchUp().catch(report), CATCH_UP_MS).unref(),
  ]);
}

/** A request was refused for want of credits: whoever has an auto top-up need not wait for the timer. */
export function nudgeAutoTopUps(): void {
  if (performance.now() - state().startedAt > NUDGE_MS) topUp();
}

function topUp(): void {
  if (!autoTopUpsEnabled()) return;
  const own = state();
  if (own.running) {
    own.again = true;
    return;
  }
  Object.assign(own, { running: true, again: false, startedAt: performance.now() });
  runAutoTopUps()
    .catch(report)
    .finally(() => {
      own.running = false;
      if (own.again) topUp();
    });
}

const report = (error: unknown) =>
  log().warn({ err: error }, "payments could not be looked after; the next round will");
