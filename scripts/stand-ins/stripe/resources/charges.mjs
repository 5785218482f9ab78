// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { textOf } from "../api/read-param.mjs";
import { idOf, newId } from "../store.mjs";
import { addTransaction } from "./balance-transactions.mjs";

/** @typedef {import("../world.mjs").World} World */

/** @type {import("../api/routes.mjs").Route[]} */
export const chargeRoutes = [
  ["GET", "/v1/charges/:id", [], (world, id) => world.store.need("charge", id)],
  ["GET", "/v1/charges", [...LIST_PARAMS, "customer", "payment_intent"], listCharges],
];

/**
 * @typedef {{ code: string, declineCode: string, message: string }} Decline
 */

/**
 * @param {World} world
 * @param {Stripe.PaymentIntent} intent
 * @param {Stripe.PaymentMethod} method
 * @returns {Stripe.Charge} not paid yet
 */
export function openCharge(world, intent, method) {
  const id = newId("charge");
  return world.store.add({
    id,
    object: /** @type {const} */ ("charge"),
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: "STAND-IN",
    captured: true,
    created: world.seconds(),
    currency: intent.currency,
    customer: idOf(intent.customer) ?? null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: /** @type {Stripe.Charge.Status} */ ("pending"),
    transfer_data: null,
    transfer_group: null,
  });
}

/** @param {World} world @param {Stripe.Charge} charge */
export function payCharge(world, charge) {
  const isCard = charge.payment_method_details?.type === "card";
  const { amount, currency, id: source, description } = charge;
  const fee = isCard ? Math.round(amount * 0.029) + 30 : Math.min(Math.round(amount * 0.008), 500);
  const type = isCard ? "charge" : "payment";
  const transaction = addTransaction(world, { type, category: "charge", amount, fee, currency, source, description });
  charge.balance_transaction = transaction.id;
  charge.receipt_url = `${world.url}/receipts/${charge.id}`;
  charge.outcome = outcome({ type: "authorized", seller_message: "Payment complete." });
  charge.paid = true;
  charge.status = "succeeded";
  world.emit("charge.succeeded", charge);
}

/** @param {World} world @param {Stripe.Charge} charge @param {Decline} decline */
export function failCharge(world, charge, { code, declineCode, message }) {
  charge.amount_captured = 0;
  charge.captured = false;
  charge.failure_code = code;
  charge.failure_message = message;
  charge.outcome = outcome({ type: "issuer_declined", reason: declineCode, seller_message: message });
  charge.status = "failed";
  world.emit("charge.failed", charge);
}

/** @param {{ type: string, reason?: string | null, seller_message: string }} facts @returns {Stripe.Charge.Outcome} */
const outcome = ({ type, reason = null, seller_message }) => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: type === "authorized" ? "approved_by_network" : "declined_by_network",
  reason,
  risk_level: "normal",
  risk_score: 20,
  seller_message,
  type,
});

/** @param {Stripe.PaymentMethod} method */
function detailsOf(method) {
  const details = /** @type {any} */ (method)[method.type] ?? {};
  return /** @type {Stripe.Charge.PaymentMethodDetails} */ ({ type: method.type, [method.type]: { ...details } });
}

/** @param {World} world @param {string} _ @param {import("../api/form-body.mjs").Params} params */
function listCharges(world, _, params) {
  const [customer, intent] = ["customer", "payment_intent"].map((name) => textOf(params, name));
  const found = world.store
    .list("charge")
    .filter(
      (charge) =>
        (customer === undefined || charge.customer === customer) &&
        (intent === undefined || charge.payment_intent === intent),
    );
  return page(found, params, "/v1/charges");
}
