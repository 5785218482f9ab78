import Stripe from "stripe";
import { beginAutoTopUps, declineAutoTopUp, type LeasedRun } from "@/db/queries/auto-top-ups";
import { creditPayment } from "@/db/queries/stripe-events";
import { retrying } from "@/db/retrying";
import { log } from "@/lib/log";
import { intentFacts } from "./payment-facts";
import { keepReceipt } from "./receipt";
import { describeStripeError, stripe } from "./stripe";
import { topUpLimits } from "./top-up-amount";

/** Longer than a call to Stripe takes with its own retries. */
const LEASE = "2 minutes";
const MOST_RUNS = 50;
/** Stripe forgets an idempotency key after a day: from then on it is looked at, and not asked again. */
const KEY_LIVES_MS = 23 * 60 * 60_000;

/**
 * Buys credits for every account that is below its threshold, and ends what another process began and did not end. Any
 * number of processes may do this at once, and die at any moment: a card is charged once.
 */
export async function runAutoTopUps(): Promise<void> {
  const runs = await retrying(() => beginAutoTopUps(topUpLimits().feeBasisPoints, LEASE, MOST_RUNS));
  await Promise.all(runs.map(endRun));
}

async function endRun(run: LeasedRun): Promise<void> {
  try {
    const intent = await (run.wanted && !isForgotten(run) ? charge(run) : findIntent(run));
    if (intent) await conclude(run, intent);
    else await decline(run, "unclear", "Stripe knows of no such charge");
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && isFinal(error)) {
      const code = error.code ?? error.type;
      await decline(
        run,
        code === "authentication_required" ? "authentication_required" : "declined",
        error.decline_code ?? code,
      );
    } else {
      const described =
        error instanceof Stripe.errors.StripeError ? { stripe: describeStripeError(error) } : { err: error };
      log().warn({ run: run.runId, ...described }, "an auto top-up is not ended yet: it is taken up again");
    }
  }
}

/** Stripe said no, to the card or to what was asked: nothing was charged, and asking again will not change it. */
const isFinal = (error: Stripe.errors.StripeError) =>
  error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError;

const isForgotten = ({ attempts, createdAt }: LeasedRun) =>
  attempts > 1 && Date.now() - createdAt.getTime() > KEY_LIVES_MS;

const charge = (run: LeasedRun) =>
  stripe().paymentIntents.create(
    {
      amount: run.amountMinor + run.feeMinor,
      currency: "usd",
      customer: run.customerId,
      payment_method: run.paymentMethodId,
      allowed_payment_method_types: ["card"],
      off_session: true,
      confirm: true,
      metadata: { payment_id: run.paymentId, kind: "auto" },
    },
    { idempotencyKey: `auto_${run.runId}` },
  );

async function findIntent({ customerId: customer, paymentId, createdAt }: LeasedRun) {
  const created = { gte: Math.floor(createdAt.getTime() / 1000) - 60 };
  for await (const intent of stripe().paymentIntents.list({ customer, created, limit: 100 }))
    if (intent.metadata.payment_id === paymentId) return intent;
}

async function conclude(run: LeasedRun, intent: Stripe.PaymentIntent): Promise<void> {
  if (intent.status === "succeeded") {
    const outcome = await retrying(() => creditPayment(run.paymentId, intentFacts(intent)));
    if (outcome.startsWith("refused"))
      log().error({ run: run.runId, outcome }, "an auto top-up does not fit its payment");
    if (outcome === "credited") await keepReceipt(run.paymentId);
  } else if (intent.status !== "processing") {
    await decline(run, intent.status === "requires_action" ? "authentication_required" : "declined", intent.status);
  }
}

async function decline(run: LeasedRun, reason: Parameters<typeof declineAutoTopUp>[1]["reason"], error: string) {
  await retrying(() => declineAutoTopUp(run.paymentId, { reason, error }));
  log().warn(
    { run: run.runId, account: run.accountId, reason, error },
    "an auto top-up was not charged, and is paused",
  );
}
