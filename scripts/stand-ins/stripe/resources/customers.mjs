// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { metadataOf, textOf } from "../api/read-param.mjs";
import { newId } from "../store.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

const FIELDS = ["email", "name", "phone", "description", "metadata", "invoice_settings", "address", "shipping"];

/** @type {import("../api/routes.mjs").Route[]} */
export const customerRoutes = [
  ["POST", "/v1/customers", FIELDS, (world, _, params) => createCustomer(world, params)],
  ["GET", "/v1/customers/:id", [], (world, id) => world.store.need("customer", id)],
  ["POST", "/v1/customers/:id", FIELDS, updateCustomer],
  ["DELETE", "/v1/customers/:id", [], deleteCustomer],
  ["GET", "/v1/customers", [...LIST_PARAMS, "email"], listCustomers],
];

/** @param {World} world @param {Params} params @returns {Stripe.Customer} */
export function createCustomer(world, params) {
  const customer = world.store.add({
    id: newId("customer"),
    object: /** @type {const} */ ("customer"),
    address: params.address ?? null,
    balance: 0,
    created: world.seconds(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: textOf(params, "description") ?? null,
    discount: null,
    email: textOf(params, "email") ?? null,
    invoice_prefix: newId({ prefix: "" }).slice(0, 8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: metadataOf(params),
    name: textOf(params, "name") ?? null,
    next_invoice_sequence: 1,
    phone: textOf(params, "phone") ?? null,
    preferred_locales: [],
    shipping: params.shipping ?? null,
    tax_exempt: /** @type {const} */ ("none"),
    test_clock: null,
  });
  world.emit("customer.created", customer);
  return customer;
}

/** @param {World} world @param {string} id @param {Params} params */
function updateCustomer(world, id, params) {
  const customer = world.store.need("customer", id);
  const before = structuredClone(customer);
  const method = textOf(params, "invoice_settings.default_payment_method");
  if (method !== undefined) world.store.refer("payment_method", method, "invoice_settings[default_payment_method]");
  for (const name of /** @type {const} */ (["email", "name", "phone", "description"])) {
    if (params[name] !== undefined) customer[name] = textOf(params, name) ?? null;
  }
  if (params.invoice_settings?.default_payment_method !== undefined) {
    customer.invoice_settings.default_payment_method = method ?? null;
  }
  customer.metadata = metadataOf(params, "metadata", customer.metadata);
  world.emit("customer.updated", customer, changesOf(before, customer));
  return customer;
}

/** Of one that is gone, its id is still answered with, and its cards pay no more. @param {World} world @param {string} id */
function deleteCustomer(world, id) {
  const customer = world.store.need("customer", id);
  world.emit("customer.deleted", customer);
  for (const method of world.store.list("payment_method")) if (method.customer === id) method.customer = null;
  const left = { id, object: /** @type {const} */ ("customer"), deleted: /** @type {const} */ (true) };
  world.store.add(left);
  return left;
}

/** @param {World} world @param {string} _ @param {Params} params */
function listCustomers(world, _, params) {
  const email = textOf(params, "email");
  const found = world.store.list("customer").filter((customer) => email === undefined || customer.email === email);
  return page(found, params, "/v1/customers");
}

/** @param {Record<string, any>} before @param {Record<string, any>} after what the changed fields were before */
export function changesOf(before, after) {
  const isChanged = (/** @type {string} */ name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  return Object.fromEntries(Object.entries(before).filter(([name]) => isChanged(name)));
}
