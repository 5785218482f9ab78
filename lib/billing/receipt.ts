import type Stripe from "stripe";
import { db } from "@/db/client";
import { findPayment, listPaymentsWithoutReceipt, updatePaymentReceipt } from "@/db/queries/payments";
import { log } from "@/lib/log";
import { stripe } from "./stripe";

const PATIENCE = { timeout: 3_000, maxNetworkRetries: 0 };
const LATER_MS = 3 * 24 * 60 * 60_000;

/** Keeps the addresses of a payment's receipt and invoice. Nothing depends on them: where Stripe is slow, the catch-up asks again. */
export async function keepReceipt(paymentId: string): Promise<void> {
  try {
    const payment = await findPayment(db(), paymentId);
    if (!payment?.paymentIntentId) return;
    const { checkoutSessionId: session, paymentIntentId: intent } = payment;
    await updatePaymentReceipt(db(), paymentId, await (session ? ofSession(session) : ofIntent(intent)));
  } catch (error) {
    log().warn({ payment: paymentId, err: error }, "the receipt of a payment is not known yet");
  }
}

export async function keepMissingReceipts(): Promise<void> {
  const missing = await listPaymentsWithoutReceipt(db(), new Date(Date.now() - LATER_MS), 50);
  for (const { id } of missing) await keepReceipt(id);
}

async function ofSession(id: string) {
  const expand = ["invoice", "payment_intent.latest_charge"];
  const { invoice, payment_intent: intent } = await stripe().checkout.sessions.retrieve(id, { expand }, PATIENCE);
  return {
    receiptUrl: typeof intent === "object" && intent ? receiptUrlOf(intent) : null,
    invoiceUrl: typeof invoice === "object" ? (invoice?.hosted_invoice_url ?? null) : null,
  };
}

async function ofIntent(id: string) {
  const intent = await stripe().paymentIntents.retrieve(id, { expand: ["latest_charge"] }, PATIENCE);
  return { receiptUrl: receiptUrlOf(intent), invoiceUrl: null };
}

const receiptUrlOf = ({ latest_charge: charge }: Stripe.PaymentIntent) =>
  typeof charge === "object" ? (charge?.receipt_url ?? null) : null;
