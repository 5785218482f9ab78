// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { invalid } from "../api/problem.mjs";
import { choiceOf, integerOf, metadataOf, textOf } from "../api/read-param.mjs";
import { idOf, newId } from "../store.mjs";
import { moneyText } from "./amounts.mjs";
import { addTransaction } from "./balance-transactions.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

const REASONS = /** @type {const} */ (["duplicate", "fraudulent", "requested_by_customer"]);

/** @type {import("../api/routes.mjs").Route[]} */
export const refundRoutes = [
  ["POST", "/v1/refunds", ["charge", "payment_intent", "amount", "reason", "metadata"], refundByApi],
  ["GET", "/v1/refunds/:id", [], (world, id) => world.store.need("refund", id)],
  ["GET", "/v1/refunds", [...LIST_PARAMS, "charge", "payment_intent"], listRefunds],
];

/** @param {World} world @param {string} _ @param {Params} params */
function refundByApi(world, _, params) {
  return refund(world, chargeOf(world, params), {
    amount: integerOf(params, "amount"),
    reason: choiceOf(params, "reason", REASONS),
    metadata: metadataOf(params),
  });
}

/**
 * @param {World} world
 * @param {Stripe.Charge} charge
 * @param {{ amount?: number, reason?: typeof REASONS[number], metadata?: Record<string, string> }} wish
 *   without an amount all that is left
 * @returns {Stripe.Refund}
 */
export function refund(world, charge, wish) {
  const left = charge.amount - charge.amount_refunded;
  const amount = wish.amount ?? left;
  requireRefundable(charge, amount, left);
  const id = newId("refund");
  const { currency } = charge;
  const isCard = charge.payment_method_details?.type === "card";
  const transaction = addTransaction(world, {
    ...{ type: isCard ? "refund" : "payment_refund", category: "refund" },
    ...{ amount: -amount, fee: 0, currency, source: id, description: "REFUND FOR CHARGE" },
  });
  const made = world.store.add({
    id,
    object: /** @type {const} */ ("refund"),
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: world.seconds(),
    currency,
    customer: idOf(charge.customer) ?? null,
    customer_account: null,
    destination_details: { type: charge.payment_method_details?.type ?? "card" },
    metadata: wish.metadata ?? {},
    payment_intent: idOf(charge.payment_intent) ?? null,
    payment_method: charge.payment_method,
    reason: wish.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  });
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  world.emit("refund.created", made);
  world.emit("charge.refunded", charge);
  return made;
}

/**
 * The bank sends the money back, days after: the refund did not happen.
 * @param {World} world
 * @param {Stripe.Refund} refunded
 * @param {string} reason
 */
export function failRefund(world, refunded, reason) {
  if (refunded.status === "failed") throw invalid(`The refund ${refunded.id} has failed already.`);
  const charge = world.store.need("charge", idOf(refunded.charge) ?? "");
  const { amount, currency, id: source } = refunded;
  const transaction = addTransaction(world, {
    ...{ type: "refund_failure", category: "refund_failure", amount, fee: 0, currency, source },
    description: "REFUND FAILURE",
  });
  refunded.status = "failed";
  refunded.failure_reason = reason;
  refunded.failure_balance_transaction = transaction.id;
  charge.amount_refunded -= amount;
  charge.refunded = false;
  world.emit("refund.updated", refunded, { status: "succeeded" });
  world.emit("refund.failed", refunded);
  return refunded;
}

/**
 * The charge that the parameters name, themselves or by its payment.
 * @param {World} world
 * @param {Params} params
 */
export function chargeOf(world, params) {
  const [id, intentId] = [textOf(params, "charge"), textOf(params, "payment_intent")];
  if (id !== undefined) return world.store.refer("charge", id, "charge");
  if (intentId === undefined) {
    throw invalid("One of the following params should be provided for this request: payment_intent or charge.");
  }
  const intent = world.store.refer("payment_intent", intentId, "payment_intent");
  const charge = world.store.find("charge", idOf(intent.latest_charge) ?? "");
  if (charge?.paid) return charge;
  throw invalid(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);
}

/** @param {Stripe.Charge} charge @param {number} amount @param {number} left */
function requireRefundable(charge, amount, left) {
  const { id, currency } = charge;
  if (!charge.paid) throw invalid(`Charge ${id} cannot be refunded because it has not succeeded.`);
  if (charge.disputed) {
    throw invalid(`Charge ${id} has been charged back; cannot issue a refund.`, { code: "charge_disputed" });
  }
  if (left === 0) {
    throw invalid(`Charge ${id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (amount < 1) throw invalid("Invalid positive integer", { code: "parameter_invalid_integer", param: "amount" });
  if (amount <= left) return;
  const texts = [amount, left].map((one) => moneyText(one, currency));
  const message = `Refund amount (${texts[0]}) is greater than unrefunded amount on charge (${texts[1]})`;
  throw invalid(message, { param: "amount" });
}

/** @param {World} world @param {string} _ @param {Params} params */
function listRefunds(world, _, params) {
  const [charge, intent] = ["charge", "payment_intent"].map((name) => textOf(params, name));
  const found = world.store
    .list("refund")
    .filter(
      (one) =>
        (charge === undefined || one.charge === charge) && (intent === undefined || one.payment_intent === intent),
    );
  return page(found, params, "/v1/refunds");
}
