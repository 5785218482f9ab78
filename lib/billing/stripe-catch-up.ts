import type Stripe from "stripe";
import { db } from "@/db/client";
import { beginCatchUp, endCatchUp, listProcessedEventIds } from "@/db/queries/stripe-events";
import { log } from "@/lib/log";
import { keepMissingReceipts } from "./receipt";
import { isLive, stripe } from "./stripe";
import { handleStripeEvent, STRIPE_EVENT_TYPES } from "./stripe-event";

const EVERY = "15 minutes";
const DAY_MS = 24 * 60 * 60_000;
/** As long as Stripe itself goes on trying to deliver; and as long as it keeps events. */
const USUAL_MS = 3 * DAY_MS;
const LONGEST_MS = 30 * DAY_MS;
const PAGE = 100;

export type CaughtUp = { listed: number; processed: number; failed: number };

/**
 * Asks Stripe for the events of the last three days and does those that never reached us, in whatever order; of more days
 * where that was not done for longer, since Stripe has given up telling of those. Undefined when another process has done
 * so within a quarter of an hour; `now` does not wait for that.
 */
export async function catchUp({ now = false } = {}): Promise<CaughtUp | undefined> {
  const startedAt = Date.now();
  const doneUntil = await beginCatchUp(now ? "0 seconds" : EVERY);
  if (!doneUntil) return undefined;
  const done: CaughtUp = { listed: 0, processed: 0, failed: 0 };
  const since = Math.floor(
    Math.max(Math.min(doneUntil.getTime(), startedAt) - USUAL_MS, startedAt - LONGEST_MS) / 1000,
  );
  const events = stripe().events.list({ types: [...STRIPE_EVENT_TYPES], created: { gte: since }, limit: PAGE });
  let page: Stripe.Event[] = [];
  for await (const event of events) {
    page.push(event);
    if (page.length === PAGE) {
      await handle(page, done);
      page = [];
    }
  }
  await handle(page, done);
  if (done.failed === 0) await endCatchUp(new Date(startedAt));
  await keepMissingReceipts();
  if (done.processed > 0) log().warn(done, "events were caught up with that no webhook had brought");
  return done;
}

async function handle(events: Stripe.Event[], done: CaughtUp): Promise<void> {
  done.listed += events.length;
  const known = await listProcessedEventIds(
    db(),
    events.map(({ id }) => id),
  );
  for (const event of events) {
    if (known.has(event.id) || event.livemode !== isLive()) continue;
    try {
      await handleStripeEvent(event);
      done.processed += 1;
    } catch {
      // It is on its row and in the log; the others are not to wait for it.
      done.failed += 1;
    }
  }
}
