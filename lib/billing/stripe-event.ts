import { createHash } from "node:crypto";
import type Stripe from "stripe";
import { applyStripeEvent, noteFailedStripeEvent, type StripeEffect } from "@/db/queries/stripe-events";
import { retrying } from "@/db/retrying";
import { log } from "@/lib/log";
import { intentFacts, paymentIdOf, sessionFacts } from "./payment-facts";
import { keepReceipt } from "./receipt";
import { idOf } from "./stripe";

type EventOf<T extends Stripe.Event["type"]> = Extract<Stripe.Event, { type: T }>;
type Effects = { [T in Stripe.Event["type"]]?: (event: EventOf<T>) => StripeEffect };

/** Every event that means something here, and what. */
const effects = {
  "checkout.session.completed": credit,
  "checkout.session.async_payment_succeeded": credit,
  "checkout.session.async_payment_failed": ({ data: { object } }) => giveUp("fail", object),
  "checkout.session.expired": ({ data: { object } }) => giveUp("expire", object),
  "payment_intent.succeeded": ({ data: { object } }) =>
    ours(object, (payment) => ({ do: "credit", payment, ...intentFacts(object) })),
  "payment_intent.payment_failed": ({ data: { object } }) =>
    ours(object, (payment) => ({
      do: "decline",
      payment,
      reason: object.last_payment_error?.code === "authentication_required" ? "authentication_required" : "declined",
      error: object.last_payment_error?.decline_code ?? object.last_payment_error?.code ?? null,
    })),
  "refund.created": refund,
  "refund.updated": refund,
  "refund.failed": refund,
  "charge.dispute.created": (event) => dispute(event, null),
  "charge.dispute.updated": (event) => dispute(event, null),
  "charge.dispute.closed": (event) => dispute(event, null),
  "charge.dispute.funds_withdrawn": (event) => dispute(event, "withdrawn"),
  "charge.dispute.funds_reinstated": (event) => dispute(event, "reinstated"),
} satisfies Effects;

export const STRIPE_EVENT_TYPES = Object.keys(effects) as (keyof typeof effects)[];

/**
 * Does what an event means, once, however often and by whichever way it comes. What does not fit is not credited, but
 * it is dealt with: the alarm is in the log and the reason on the payment's row.
 *
 * @throws whatever kept it from being done: then nothing of it was, and Stripe brings it again.
 */
export async function handleStripeEvent(event: Stripe.Event): Promise<string> {
  const effectOf = (effects as Record<string, ((event: Stripe.Event) => StripeEffect) | undefined>)[event.type];
  if (!effectOf) return "ignored";
  const effect = effectOf(event);
  const row = { id: event.id, type: event.type, payloadHash: hashOf(event) };
  try {
    const { outcome, fresh } = await retrying(() => applyStripeEvent(row, effect));
    if (!fresh) return "already";
    if (/^(refused|unknown)/.test(outcome))
      log().error({ event: event.id, type: event.type, outcome }, "a payment event does not fit: nothing was booked");
    if (outcome === "credited" && effect.do === "credit") await keepReceipt(effect.payment);
    return outcome;
  } catch (error) {
    log().error({ event: event.id, type: event.type, err: error }, "a payment event could not be processed");
    await noteFailedStripeEvent(row, error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
}

/** Of what happened alone: the same event looks a little different each time Stripe tells it. */
const hashOf = ({ data }: Stripe.Event) => createHash("sha256").update(JSON.stringify(data)).digest("hex");

function credit({ data: { object } }: { data: { object: Stripe.Checkout.Session } }): StripeEffect {
  const payment = paymentIdOf(object);
  return payment === undefined ? { do: "nothing" } : { do: "credit", payment, ...sessionFacts(object) };
}

function giveUp(how: "fail" | "expire", session: Stripe.Checkout.Session): StripeEffect {
  const payment = paymentIdOf(session);
  return payment === undefined ? { do: "nothing" } : { do: how, payment, session: session.id };
}

/** A checkout tells of its own intent: only those of auto top-ups are heard here. */
function ours(intent: Stripe.PaymentIntent, effect: (payment: string) => StripeEffect): StripeEffect {
  const payment = paymentIdOf(intent);
  return payment === undefined || intent.metadata.kind !== "auto" ? { do: "nothing" } : effect(payment);
}

function refund({ data: { object } }: { data: { object: Stripe.Refund } }): StripeEffect {
  const intent = idOf(object.payment_intent);
  if (intent === null) return { do: "nothing" };
  const { id, amount, currency, status } = object;
  return { do: "refund", id, intent, amount, currency, status: status ?? "pending" };
}

function dispute(
  { created, data: { object } }: { created: number; data: { object: Stripe.Dispute } },
  funds: "withdrawn" | "reinstated" | null,
): StripeEffect {
  const intent = idOf(object.payment_intent);
  if (intent === null) return { do: "nothing" };
  const { id, amount, currency, reason, status, balance_transactions: moves } = object;
  // A part may come back. Stripe counts in the currency that it pays us out in: that is said in cents only where it is ours.
  const back = moves.filter((move) => move.currency === currency && move.amount > 0);
  const reinstated = back.length > 0 ? back.reduce((sum, move) => sum + move.amount, 0) : null;
  return { do: "dispute", id, intent, amount, currency, reason, status, at: created, funds, reinstated };
}
