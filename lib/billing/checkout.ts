import type Stripe from "stripe";
import { db } from "@/db/client";
import {
  countPendingPayments,
  findPaymentBySession,
  giveUpUnstartedPayment,
  insertPayment,
  type Payment,
  updatePaymentSession,
} from "@/db/queries/payments";
import { creditPayment } from "@/db/queries/stripe-events";
import { retrying } from "@/db/retrying";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { paymentIdOf, sessionFacts } from "./payment-facts";
import { keepReceipt } from "./receipt";
import { forgetSavedCards } from "./saved-cards";
import { asking } from "./stripe";
import { customerOf } from "./stripe-customer";
import { checkAmount, feeOf } from "./top-up-amount";

const MOST_PENDING = 20;
const HOUR_MS = 60 * 60_000;

type Wish = {
  accountId: string;
  userId: string | null;
  /** US cents of credits; from a browser, so it may be anything. */
  amountMinor: unknown;
  /** Keeps the card for auto top-ups. */
  saveCard?: boolean;
  /** Where the page was asked for; APP_URL goes before it. */
  origin: string;
};

/**
 * Begins a purchase: the address of Stripe's page, to which the user is to be sent. What is credited is written down
 * here first, and nothing that comes back can make it more.
 *
 * @throws AppError `invalid_request` for an amount out of bounds, `rate_limit_exceeded`, `service_unavailable`
 */
export async function startCheckout({ accountId, userId, amountMinor, saveCard = false, origin }: Wish) {
  const expectedAmountMinor = checkAmount(amountMinor);
  if ((await countPendingPayments(db(), accountId, new Date(Date.now() - HOUR_MS))) >= MOST_PENDING)
    throw new AppError("rate_limit_exceeded", "Too many purchases were begun. Finish one, or try again in an hour.");
  const customerId = await customerOf(accountId);
  const feeMinor = feeOf(expectedAmountMinor);
  const paymentId = await insertPayment(db(), {
    accountId,
    expectedAmountMinor,
    feeMinor,
    customerId,
    createdBy: userId,
  });
  try {
    const session = await asking("begin a checkout", (stripe) =>
      stripe.checkout.sessions.create(
        toSession({ paymentId, customerId, expectedAmountMinor, feeMinor, saveCard, origin }),
        { idempotencyKey: `pay_${paymentId}` },
      ),
    );
    if (!session.url) throw new Error("Stripe gave a checkout without an address");
    await updatePaymentSession(db(), paymentId, session.id);
    return { url: session.url, paymentId };
  } catch (error) {
    await giveUpUnstartedPayment(db(), paymentId).catch(() => {});
    throw error;
  }
}

type Session = {
  paymentId: string;
  customerId: string;
  expectedAmountMinor: number;
  feeMinor: number;
  saveCard: boolean;
  origin: string;
};

function toSession(wish: Session): Stripe.Checkout.SessionCreateParams {
  const { APP_URL, APP_NAME, STRIPE_AUTOMATIC_TAX } = env();
  const base = (APP_URL ?? wish.origin).replace(/\/$/, "");
  const taxed = STRIPE_AUTOMATIC_TAX === "on";
  const line = (name: string, cents: number) => ({
    quantity: 1,
    price_data: {
      currency: "usd",
      unit_amount: cents,
      product_data: { name },
      ...(taxed && { tax_behavior: "exclusive" as const }),
    },
  });
  const metadata = { payment_id: wish.paymentId };
  return {
    mode: "payment",
    customer: wish.customerId,
    client_reference_id: wish.paymentId,
    metadata,
    line_items: [
      line(APP_NAME ? `${APP_NAME} credits` : "Credits", wish.expectedAmountMinor),
      ...(wish.feeMinor > 0 ? [line("Fee", wish.feeMinor)] : []),
    ],
    payment_intent_data: {
      metadata: { ...metadata, kind: "checkout" },
      ...(wish.saveCard && { setup_future_usage: "off_session" as const }),
    },
    // In dollars to the end: a payment that Stripe turned into another currency would not fit its row.
    adaptive_pricing: { enabled: false },
    invoice_creation: { enabled: true },
    ...(taxed && { automatic_tax: { enabled: true }, customer_update: { address: "auto" as const } }),
    success_url: `${base}/credits?session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${base}/credits?canceled=1`,
  };
}

/**
 * Looks at a checkout that its user comes back from, and credits it by the same rule as the webhook, which may be late
 * or lost. Undefined when the account has no such checkout.
 *
 * @throws AppError `service_unavailable`
 */
export async function confirmCheckout(accountId: string, sessionId: string): Promise<Payment | undefined> {
  const payment = await findPaymentBySession(db(), accountId, sessionId);
  if (!payment || payment.status === "paid") return payment;
  const session = await asking("look at a checkout", (stripe) => stripe.checkout.sessions.retrieve(sessionId));
  if (paymentIdOf(session) === payment.id && session.payment_status === "paid") {
    const outcome = await retrying(() => creditPayment(payment.id, sessionFacts(session)));
    if (outcome.startsWith("refused"))
      log().error({ payment: payment.id, outcome }, "a checkout does not fit its payment: nothing was credited");
    if (outcome === "credited") await keepReceipt(payment.id);
  }
  forgetSavedCards(accountId);
  return findPaymentBySession(db(), accountId, sessionId);
}
