// @ts-check
// Where an id stands, the caller may ask for the object itself: `expand[]=latest_charge.balance_transaction`.

import { lineItemsOf } from "../resources/checkout-sessions.mjs";
import { paymentsOf } from "../resources/invoices.mjs";
import { listOf as asList } from "./list.mjs";
import { invalid } from "./problem.mjs";
import { listOf } from "./read-param.mjs";

const DEEPEST = 4;

/** @typedef {import("../world.mjs").World} World */

/** Fields that are there only when asked for. @type {Record<string, (world: World, id: string) => unknown>} */
const onDemand = {
  "checkout.session.line_items": lineItemsOf,
  "invoice.payments": (world, id) => asList(paymentsOf(world, id), false, "/v1/invoice_payments"),
  "charge.refunds": (world, id) => {
    const refunds = world.store.list("refund").filter(({ charge }) => charge === id);
    return asList(refunds, false, `/v1/charges/${id}/refunds`);
  },
};

/**
 * @param {World} world
 * @param {object} answer
 * @param {import("./form-body.mjs").Params} params
 * @returns {object} a copy
 */
export function expanded(world, answer, params) {
  const copy = structuredClone(answer);
  for (const path of listOf(params, "expand")) {
    const parts = String(path).split(".");
    if (parts.length > DEEPEST) throw invalid(`You cannot expand more than ${DEEPEST} levels of a property.`);
    expandAt(world, copy, parts, path);
  }
  return copy;
}

/** @param {World} world @param {any} value @param {string[]} parts @param {string} path */
function expandAt(world, value, [name, ...rest], path) {
  if (name === undefined || value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) expandAt(world, item, [name, ...rest], path);
    return;
  }
  if (typeof value !== "object") throw notExpandable(path);
  value[name] ??= structuredClone(onDemand[`${value.object}.${name}`]?.(world, value.id));
  const found = value[name];
  if (found === undefined) throw notExpandable(path);
  if (typeof found === "string") {
    const object = world.store.findAny(found);
    if (!object) throw notExpandable(path);
    value[name] = structuredClone(object);
  }
  expandAt(world, value[name], rest, path);
}

/** @param {string} path */
const notExpandable = (path) => invalid(`This property cannot be expanded (${path}).`, { param: "expand" });
