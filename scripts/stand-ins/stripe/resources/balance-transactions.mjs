// @ts-check
// What moved on Stripe's side of the books: payments with their fee, refunds, disputes and their reversals.

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { textOf } from "../api/read-param.mjs";
import { newId } from "../store.mjs";

const AVAILABLE_AFTER_SECONDS = 2 * 86_400;

/** @typedef {import("../world.mjs").World} World */

/** @type {import("../api/routes.mjs").Route[]} */
export const balanceTransactionRoutes = [
  [
    "GET",
    "/v1/balance_transactions/:id",
    [],
    (world, id) => settled(world, world.store.need("balance_transaction", id)),
  ],
  ["GET", "/v1/balance_transactions", [...LIST_PARAMS, "source", "type", "currency"], listTransactions],
];

/**
 * @param {World} world
 * @param {{ type: Stripe.BalanceTransaction.Type, category: string, amount: number, fee: number, currency: string,
 *   source: string, description: string | null }} movement amount and fee in minor units; what goes out is negative
 * @returns {Stripe.BalanceTransaction}
 */
export function addTransaction(world, { type, category, amount, fee, currency, source, description }) {
  const created = world.seconds();
  const detail = {
    amount: fee,
    application: null,
    currency,
    description: "Stripe processing fees",
    type: "stripe_fee",
  };
  return world.store.add({
    id: newId("balance_transaction"),
    object: /** @type {const} */ ("balance_transaction"),
    amount,
    available_on: created + AVAILABLE_AFTER_SECONDS,
    balance_type: /** @type {const} */ ("payments"),
    created,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [detail],
    net: amount - fee,
    reporting_category: category,
    source,
    status: "pending",
    type,
  });
}

/** @param {World} world @param {string} _ @param {import("../api/form-body.mjs").Params} params */
function listTransactions(world, _, params) {
  const [source, type, currency] = ["source", "type", "currency"].map((name) => textOf(params, name));
  const found = world.store
    .list("balance_transaction")
    .filter(
      (one) =>
        (source === undefined || one.source === source) &&
        (type === undefined || one.type === type) &&
        (currency === undefined || one.currency === currency),
    );
  return page(
    found.map((one) => settled(world, one)),
    params,
    "/v1/balance_transactions",
  );
}

/** @param {World} world @param {Stripe.BalanceTransaction} transaction */
function settled(world, transaction) {
  if (transaction.available_on <= world.seconds()) transaction.status = "available";
  return transaction;
}
