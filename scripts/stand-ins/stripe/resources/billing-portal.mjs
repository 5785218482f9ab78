// @ts-check

/** @import Stripe from "stripe" */

import { neededText, textOf } from "../api/read-param.mjs";
import { newId } from "../store.mjs";

/** @typedef {import("../world.mjs").World} World */

/** @type {import("../api/routes.mjs").Route[]} */
export const billingPortalRoutes = [
  ["POST", "/v1/billing_portal/sessions", ["customer", "return_url", "configuration", "locale"], create],
];

/**
 * @param {World} world
 * @param {string} _
 * @param {import("../api/form-body.mjs").Params} params
 * @returns {Stripe.BillingPortal.Session}
 */
function create(world, _, params) {
  const customer = world.store.refer("customer", neededText(params, "customer"), "customer");
  const id = newId("billing_portal.session");
  return world.store.add({
    id,
    object: /** @type {const} */ ("billing_portal.session"),
    configuration: textOf(params, "configuration") ?? "bpc_standin",
    created: world.seconds(),
    customer: customer.id,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: textOf(params, "return_url") ?? null,
    url: `${world.url}/p/session/${id}`,
  });
}
