// @ts-check
// What the customer does on the checkout page, and what his bank does days later.

/** @import Stripe from "stripe" */

import { invalid } from "../api/problem.mjs";
import { idOf } from "../store.mjs";
import { createCustomer } from "./customers.mjs";
import { detailsOf } from "./new-checkout-session.mjs";
import { writeInvoice } from "./paid-invoice.mjs";
import { bounceIntent, createIntent, payIntent, settleIntent } from "./payment-intent-states.mjs";
import { attach, createMethod, delayedTypes } from "./payment-methods.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../store.mjs").CardBehaviour} CardBehaviour */

/**
 * How he pays: a card that works, one that is refused now, one that works now and is refused later on when he is not
 * there (or wants him to be there), or a bank transfer that takes its time.
 * @typedef {"card" | "card_declined" | "card_declines_later" | "card_needs_authentication" | "bank"} Outcome
 */

/** @type {Record<Exclude<Outcome, "bank">, { now: CardBehaviour, later: CardBehaviour }>} */
const cards = {
  card: { now: "succeeds", later: "succeeds" },
  card_declined: { now: "declines", later: "declines" },
  card_declines_later: { now: "succeeds", later: "declines" },
  card_needs_authentication: { now: "needs_authentication", later: "needs_authentication" },
};

/** @param {Stripe.Checkout.Session} session */
export const delayedTypeOf = (session) => delayedTypes.find((type) => session.payment_method_types.includes(type));

/**
 * @param {World} world
 * @param {Stripe.Checkout.Session} session
 * @param {{ outcome: Outcome, email?: string }} wish
 * @returns {boolean} false where the card was refused and the session stays open
 */
export function completeSession(world, session, { outcome, email }) {
  if (session.status !== "open") throw invalid(`This Checkout Session is ${session.status}.`);
  const bankType = delayedTypeOf(session);
  if (outcome === "bank" && (!bankType || session.mode !== "payment")) {
    throw invalid("This Checkout Session takes no bank transfers.");
  }
  const contact = session.customer_details?.email ?? email ?? "customer@example.com";
  const card = outcome === "bank" ? undefined : cards[outcome];
  const type = outcome === "bank" && bankType ? bankType : "card";
  const method = createMethod(world, { type, behaviour: card?.now, email: contact });
  if (session.mode === "setup") return saveCard(world, session, method, card?.later ?? "succeeds");

  const data = world.store.factsOf(session.id).intentData;
  if (session.customer === null && session.customer_creation === "always") {
    session.customer = createCustomer(world, { email: contact }).id;
  }
  session.customer_details = detailsOf(world, idOf(session.customer) ?? null, contact);
  const intent =
    world.store.find("payment_intent", idOf(session.payment_intent) ?? "") ??
    createIntent(world, {
      amount: session.amount_total ?? 0,
      currency: session.currency ?? "usd",
      customer: idOf(session.customer) ?? null,
      description: data?.description ?? null,
      metadata: { ...data?.metadata },
      receiptEmail: data?.receiptEmail ?? null,
      setupFutureUsage: data?.setupFutureUsage ?? null,
      types: session.payment_method_types,
    });
  session.payment_intent = intent.id;
  const how = payIntent(world, intent, method, { present: true });
  if (how === "failed") return false;
  world.store.factsOf(method.id).behaviour = card?.later ?? "succeeds";
  if (intent.setup_future_usage && session.customer) attach(world, method, idOf(session.customer) ?? "");
  if (how === "succeeded") markPaid(world, session, intent);
  else if (world.settleAfterMs !== null) {
    world.store.factsOf(session.id).settleAt = world.nowMs() + world.settleAfterMs;
  }
  close(world, session);
  return true;
}

/** @param {World} world @param {Stripe.Checkout.Session} session @param {boolean} arrives */
export function endDelayedPayment(world, session, arrives) {
  const intent = world.store.find("payment_intent", idOf(session.payment_intent) ?? "");
  if (intent?.status !== "processing") throw invalid(`No payment of ${session.id} is on its way.`);
  delete world.store.factsOf(session.id).settleAt;
  if (arrives) {
    settleIntent(world, intent);
    markPaid(world, session, intent);
    world.emit("checkout.session.async_payment_succeeded", session);
  } else {
    bounceIntent(world, intent);
    world.emit("checkout.session.async_payment_failed", session);
  }
}

/** The transfers whose time has come arrive. @param {World} world @returns {boolean} whether one did */
export function settleDuePayments(world) {
  const isDue = (/** @type {Stripe.Checkout.Session} */ { id }) => {
    const { settleAt } = world.store.factsOf(id);
    return settleAt !== undefined && settleAt <= world.nowMs();
  };
  const due = world.store.list("checkout.session").filter(isDue);
  for (const session of due) endDelayedPayment(world, session, true);
  return due.length > 0;
}

/**
 * @param {World} world
 * @param {Stripe.Checkout.Session} session
 * @param {Stripe.PaymentMethod} method
 * @param {CardBehaviour} later
 */
function saveCard(world, session, method, later) {
  const setup = world.store.need("setup_intent", idOf(session.setup_intent) ?? "");
  if (world.store.factsOf(method.id).behaviour === "declines") {
    setup.last_setup_error = { code: "card_declined", message: "Your card was declined.", type: "card_error" };
    world.emit("setup_intent.setup_failed", setup);
    return false;
  }
  world.store.factsOf(method.id).behaviour = later;
  if (session.customer) attach(world, method, idOf(session.customer) ?? "");
  setup.payment_method = method.id;
  setup.status = "succeeded";
  world.emit("setup_intent.succeeded", setup);
  close(world, session);
  return true;
}

/** @param {World} world @param {Stripe.Checkout.Session} session @param {Stripe.PaymentIntent} intent */
function markPaid(world, session, intent) {
  session.payment_status = "paid";
  if (session.invoice_creation?.enabled) session.invoice = writeInvoice(world, session, intent).id;
}

/** @param {World} world @param {Stripe.Checkout.Session} session */
function close(world, session) {
  session.status = "complete";
  session.url = null;
  world.emit("checkout.session.completed", session);
}
