// @ts-check
// A payment from its birth to its end, however it ends.

/** @import Stripe from "stripe" */

import { idOf, newId } from "../store.mjs";
import { failCharge, openCharge, payCharge } from "./charges.mjs";

/** @typedef {import("../world.mjs").World} World */

/** @type {Record<"declines" | "needs_authentication" | "bank", import("./charges.mjs").Decline>} */
const declines = {
  declines: { code: "card_declined", declineCode: "generic_decline", message: "Your card was declined." },
  needs_authentication: {
    code: "authentication_required",
    declineCode: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.",
  },
  bank: {
    code: "payment_intent_payment_attempt_failed",
    declineCode: "insufficient_funds",
    message: "The customer's bank account has insufficient funds to complete this purchase.",
  },
};

/**
 * @param {World} world
 * @param {{ amount: number, currency: string, customer: string | null, description: string | null,
 *   metadata: Record<string, string>, receiptEmail: string | null, types: string[],
 *   setupFutureUsage: "on_session" | "off_session" | null }} wish
 * @returns {Stripe.PaymentIntent}
 */
export function createIntent(world, wish) {
  const id = newId("payment_intent");
  const intent = world.store.add({
    id,
    object: /** @type {const} */ ("payment_intent"),
    allowed_payment_method_types: null,
    amount: wish.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: /** @type {const} */ ("automatic_async"),
    client_secret: `${id}_secret_${newId({ prefix: "" })}`,
    confirmation_method: /** @type {const} */ ("automatic"),
    created: world.seconds(),
    currency: wish.currency,
    customer: wish.customer,
    customer_account: null,
    description: wish.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: wish.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: wish.types,
    payment_record: null,
    processing: null,
    receipt_email: wish.receiptEmail,
    review: null,
    setup_future_usage: wish.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: /** @type {Stripe.PaymentIntent.Status} */ ("requires_payment_method"),
    transfer_data: null,
    transfer_group: null,
  });
  world.emit("payment_intent.created", intent);
  return intent;
}

/**
 * Pays with what is given: at once, or refused at once, or begun where the money takes days.
 * @param {World} world
 * @param {Stripe.PaymentIntent} intent
 * @param {Stripe.PaymentMethod} method
 * @param {{ present: boolean }} customer is he there to authenticate himself
 * @returns {"succeeded" | "processing" | "failed"}
 */
export function payIntent(world, intent, method, { present }) {
  const behaviour = world.store.factsOf(method.id).behaviour ?? "succeeds";
  const charge = openCharge(world, intent, method);
  intent.latest_charge = charge.id;
  intent.payment_method = method.id;
  intent.last_payment_error = null;
  if (method.type !== "card") {
    intent.status = "processing";
    world.emit("charge.pending", charge);
    world.emit("payment_intent.processing", intent);
    return "processing";
  }
  if (behaviour === "declines") return failIntent(world, intent, charge, declines.declines);
  if (behaviour === "needs_authentication" && !present) {
    return failIntent(world, intent, charge, declines.needs_authentication);
  }
  return succeed(world, intent, charge);
}

/** The money of a payment that was processing arrives. @param {World} world @param {Stripe.PaymentIntent} intent */
export const settleIntent = (world, intent) => succeed(world, intent, latestCharge(world, intent));

/** It does not. @param {World} world @param {Stripe.PaymentIntent} intent */
export const bounceIntent = (world, intent) => failIntent(world, intent, latestCharge(world, intent), declines.bank);

/** @param {World} world @param {Stripe.PaymentIntent} intent */
export const latestCharge = (world, intent) => world.store.need("charge", idOf(intent.latest_charge) ?? "");

/** @param {World} world @param {Stripe.PaymentIntent} intent @param {Stripe.Charge} charge */
function succeed(world, intent, charge) {
  payCharge(world, charge);
  intent.amount_received = intent.amount;
  intent.status = "succeeded";
  world.emit("payment_intent.succeeded", intent);
  return /** @type {const} */ ("succeeded");
}

/**
 * @param {World} world
 * @param {Stripe.PaymentIntent} intent
 * @param {Stripe.Charge} charge
 * @param {import("./charges.mjs").Decline} decline
 */
function failIntent(world, intent, charge, decline) {
  failCharge(world, charge, decline);
  intent.status = "requires_payment_method";
  intent.last_payment_error = {
    charge: charge.id,
    code: /** @type {Stripe.PaymentIntent.LastPaymentError.Code} */ (decline.code),
    decline_code: decline.declineCode,
    message: decline.message,
    payment_method: structuredClone(world.store.need("payment_method", idOf(intent.payment_method) ?? "")),
    type: "card_error",
  };
  intent.payment_method = null;
  world.emit("payment_intent.payment_failed", intent);
  return /** @type {const} */ ("failed");
}
