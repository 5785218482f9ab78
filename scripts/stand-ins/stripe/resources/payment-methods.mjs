// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { invalid } from "../api/problem.mjs";
import { neededText, textOf } from "../api/read-param.mjs";
import { idOf, newId } from "../store.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */
/** @typedef {import("../store.mjs").CardBehaviour} CardBehaviour */

/** The last four digits of Stripe's own test cards that behave so. @type {Record<CardBehaviour, string>} */
const lastFour = { succeeds: "4242", declines: "0341", needs_authentication: "3184" };

/** Money by these arrives, or does not, days after the customer said yes. */
export const delayedTypes = /** @type {const} */ (["us_bank_account", "sepa_debit"]);

/** @typedef {"card" | typeof delayedTypes[number]} MethodType */

/** @type {import("../api/routes.mjs").Route[]} */
export const paymentMethodRoutes = [
  ["GET", "/v1/payment_methods/:id", [], (world, id) => world.store.need("payment_method", id)],
  ["POST", "/v1/payment_methods/:id/attach", ["customer"], attachByApi],
  ["POST", "/v1/payment_methods/:id/detach", [], (world, id) => detach(world, world.store.need("payment_method", id))],
  ["GET", "/v1/payment_methods", [...LIST_PARAMS, "customer", "type"], listMethods],
  ["GET", "/v1/customers/:id/payment_methods", [...LIST_PARAMS, "type"], listOfCustomer],
  [
    "GET",
    "/v1/customers/:id/payment_methods/:other",
    [],
    (world, _, __, method) => world.store.need("payment_method", method),
  ],
];

/**
 * @param {World} world
 * @param {{ type: MethodType, behaviour?: CardBehaviour, email?: string | null, name?: string | null }} wish
 * @returns {Stripe.PaymentMethod}
 */
export function createMethod(world, { type, behaviour = "succeeds", email = null, name = null }) {
  const id = newId("payment_method");
  world.store.factsOf(id).behaviour = behaviour;
  return world.store.add({
    id,
    object: /** @type {const} */ ("payment_method"),
    allow_redisplay: /** @type {const} */ ("limited"),
    billing_details: { address: null, email, name, phone: null, tax_id: null },
    ...(type === "card" && { card: cardOf(world, behaviour) }),
    ...(type === "sepa_debit" && { sepa_debit: sepaDebit() }),
    ...(type === "us_bank_account" && { us_bank_account: usBankAccount() }),
    created: world.seconds(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
  });
}

/** @param {World} world @param {CardBehaviour} behaviour @returns {Stripe.PaymentMethod.Card} */
const cardOf = (world, behaviour) => ({
  brand: "visa",
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
  country: "US",
  display_brand: "visa",
  exp_month: 12,
  exp_year: new Date(world.nowMs()).getUTCFullYear() + 3,
  fingerprint: `standin${lastFour[behaviour]}`,
  funding: "credit",
  generated_from: null,
  last4: lastFour[behaviour],
  networks: { available: ["visa"], preferred: null },
  regulated_status: "unregulated",
  three_d_secure_usage: { supported: true },
  wallet: null,
});

/** @returns {Stripe.PaymentMethod.SepaDebit} */
const sepaDebit = () => ({
  bank_code: "37040044",
  branch_code: "",
  country: "DE",
  fingerprint: "standinsepa",
  generated_from: { charge: null, setup_attempt: null },
  last4: "3000",
});

/** @returns {Stripe.PaymentMethod.UsBankAccount} */
const usBankAccount = () => ({
  account_holder_type: "individual",
  account_type: "checking",
  bank_name: "STRIPE TEST BANK",
  financial_connections_account: null,
  fingerprint: "standinbank",
  last4: "6789",
  networks: { preferred: "ach", supported: ["ach"] },
  routing_number: "110000000",
  status_details: {},
});

/** @param {World} world @param {Stripe.PaymentMethod} method @param {string} customer */
export function attach(world, method, customer) {
  if (idOf(method.customer) === customer) return method;
  if (method.customer) throw invalid("The payment method you provided has already been attached to a customer.");
  if (world.store.factsOf(method.id).isSpent) throw spent();
  method.customer = customer;
  world.emit("payment_method.attached", method);
  return method;
}

/** @param {World} world @param {Stripe.PaymentMethod} method */
export function detach(world, method) {
  const customer = world.store.find("customer", idOf(method.customer) ?? "");
  if (!customer)
    throw invalid("The payment method you provided is not attached to a customer so detachment is impossible.");
  if (customer.invoice_settings.default_payment_method === method.id) {
    customer.invoice_settings.default_payment_method = null;
  }
  method.customer = null;
  world.store.factsOf(method.id).isSpent = true;
  world.emit("payment_method.detached", method, { customer: customer.id });
  return method;
}

/** A card that was taken from its customer cannot be used again by anyone. */
export const spent = () =>
  invalid("This PaymentMethod was previously detached from a Customer and may not be used again.", {
    code: "payment_method_unexpected_state",
    param: "payment_method",
  });

/** @param {World} world @param {string} customer newest first */
export const methodsOf = (world, customer) =>
  world.store.list("payment_method").filter((method) => idOf(method.customer) === customer);

/** @param {World} world @param {string} id @param {Params} params */
function attachByApi(world, id, params) {
  const customer = world.store.refer("customer", neededText(params, "customer"), "customer");
  return attach(world, world.store.need("payment_method", id), customer.id);
}

/** @param {World} world @param {string} _ @param {Params} params */
function listMethods(world, _, params) {
  return page(filtered(world, neededText(params, "customer"), params), params, "/v1/payment_methods");
}

/** @param {World} world @param {string} id @param {Params} params */
function listOfCustomer(world, id, params) {
  const customer = world.store.need("customer", id).id;
  return page(filtered(world, customer, params), params, `/v1/customers/${id}/payment_methods`);
}

/** @param {World} world @param {string} customer @param {Params} params */
function filtered(world, customer, params) {
  const type = textOf(params, "type");
  return methodsOf(world, customer).filter((method) => type === undefined || method.type === type);
}
