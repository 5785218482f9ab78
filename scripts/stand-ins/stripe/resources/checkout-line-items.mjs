// @ts-check

/** @import Stripe from "stripe" */

import { invalid } from "../api/problem.mjs";
import { integerOf, listOf, metadataOf, neededInteger, neededText } from "../api/read-param.mjs";
import { newId } from "../store.mjs";
import { amountInBounds, currencyOf } from "./amounts.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

/**
 * @param {World} world
 * @param {Params} params
 * @returns {{ items: Stripe.LineItem[], currency: string, total: number }} total in minor units
 */
export function readLineItems(world, params) {
  const items = listOf(params, "line_items").map((item) => lineItem(world, item));
  const [first] = items;
  if (!first) throw invalid("You must pass line_items in `payment` mode.", { param: "line_items" });
  const { currency } = first;
  if (items.some((item) => item.currency !== currency)) throw invalid("All line items must have the same currency.");
  const total = amountInBounds(
    items.reduce((sum, item) => sum + item.amount_total, 0),
    currency,
  );
  return { items, currency, total };
}

/** @param {World} world @param {Params} item @returns {Stripe.LineItem} */
function lineItem(world, item) {
  if (item.price !== undefined) {
    throw invalid(`No such price: '${item.price}'`, { code: "resource_missing", param: "line_items[0][price]" });
  }
  const currency = currencyOf(item, "price_data.currency");
  const unit = neededInteger(item, "price_data.unit_amount");
  const quantity = integerOf(item, "quantity") ?? 1;
  if (unit < 0 || quantity < 1) {
    throw invalid("Invalid non-negative integer", { code: "parameter_invalid_integer", param: "line_items" });
  }
  const name = neededText(item, "price_data.product_data.name");
  return {
    id: newId({ prefix: "li_" }),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: unit * quantity,
    amount_tax: 0,
    amount_total: unit * quantity,
    currency,
    description: name,
    metadata: metadataOf(item),
    price: price(world, currency, unit),
    quantity,
  };
}

/** @param {World} world @param {string} currency @param {number} unit @returns {Stripe.Price} */
const price = (world, currency, unit) => ({
  id: newId({ prefix: "price_" }),
  object: "price",
  active: false,
  billing_scheme: "per_unit",
  created: world.seconds(),
  currency,
  custom_unit_amount: null,
  livemode: false,
  lookup_key: null,
  metadata: {},
  nickname: null,
  product: newId({ prefix: "prod_" }),
  recurring: null,
  tax_behavior: "unspecified",
  tiers_mode: null,
  transform_quantity: null,
  type: "one_time",
  unit_amount: unit,
  // On the wire it is a string of digits, which the client makes a decimal of.
  unit_amount_decimal: /** @type {any} */ (String(unit)),
});
