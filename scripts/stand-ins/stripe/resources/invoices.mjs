// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { textOf } from "../api/read-param.mjs";
import { idOf } from "../store.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

/** @type {import("../api/routes.mjs").Route[]} */
export const invoiceRoutes = [
  ["GET", "/v1/invoices/:id", [], (world, id) => world.store.need("invoice", id)],
  ["GET", "/v1/invoices", [...LIST_PARAMS, "customer", "status"], listInvoices],
  ["GET", "/v1/invoice_payments/:id", [], (world, id) => world.store.need("invoice_payment", id)],
  ["GET", "/v1/invoice_payments", [...LIST_PARAMS, "invoice", "payment", "status"], listPayments],
];

/** @param {World} world @param {string} invoice */
export const paymentsOf = (world, invoice) =>
  world.store.list("invoice_payment").filter((one) => idOf(one.invoice) === invoice);

/** @param {World} world @param {string} _ @param {Params} params */
function listInvoices(world, _, params) {
  const [customer, status] = ["customer", "status"].map((name) => textOf(params, name));
  const found = world.store
    .list("invoice")
    .filter(
      (one) => (customer === undefined || one.customer === customer) && (status === undefined || one.status === status),
    );
  return page(found, params, "/v1/invoices");
}

/** @param {World} world @param {string} _ @param {Params} params */
function listPayments(world, _, params) {
  const [invoice, intent, status] = ["invoice", "payment.payment_intent", "status"].map((name) => textOf(params, name));
  const found = world.store
    .list("invoice_payment")
    .filter(
      (one) =>
        (invoice === undefined || one.invoice === invoice) &&
        (intent === undefined || one.payment.payment_intent === intent) &&
        (status === undefined || one.status === status),
    );
  return page(found, params, "/v1/invoice_payments");
}
