import type Stripe from "stripe";
import type { PaymentFacts } from "@/db/queries/stripe-events";
import { idOf } from "./stripe";

/** The payment that a session or an intent of ours is for. Undefined for what was not made here. */
export function paymentIdOf({ metadata }: { metadata: Stripe.Metadata | null }): string | undefined {
  const id = metadata?.payment_id;
  return id !== undefined && UUID.test(id) ? id : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const sessionFacts = (session: Stripe.Checkout.Session): PaymentFacts => ({
  kind: "checkout",
  session: session.id,
  reference: session.client_reference_id,
  mode: session.mode,
  payment_status: session.payment_status,
  currency: session.currency,
  subtotal: session.amount_subtotal,
  total: session.amount_total,
  tax: session.total_details?.amount_tax ?? 0,
  customer: idOf(session.customer),
  intent: idOf(session.payment_intent),
});

/** Of the intent of an auto top-up, which has no session. */
export const intentFacts = (intent: Stripe.PaymentIntent): PaymentFacts => ({
  kind: "auto",
  session: null,
  reference: paymentIdOf(intent) ?? null,
  mode: "payment",
  payment_status: intent.status === "succeeded" ? "paid" : "unpaid",
  currency: intent.currency,
  subtotal: intent.status === "succeeded" ? intent.amount_received : intent.amount,
  total: intent.amount,
  tax: 0,
  customer: idOf(intent.customer),
  intent: intent.id,
});
