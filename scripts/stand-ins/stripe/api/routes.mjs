// @ts-check
// The table of what the API answers to.

import { balanceTransactionRoutes } from "../resources/balance-transactions.mjs";
import { billingPortalRoutes } from "../resources/billing-portal.mjs";
import { chargeRoutes } from "../resources/charges.mjs";
import { checkoutSessionRoutes } from "../resources/checkout-sessions.mjs";
import { customerRoutes } from "../resources/customers.mjs";
import { disputeRoutes } from "../resources/disputes.mjs";
import { eventRoutes } from "../resources/events.mjs";
import { invoiceRoutes } from "../resources/invoices.mjs";
import { paymentIntentRoutes } from "../resources/payment-intents.mjs";
import { paymentMethodRoutes } from "../resources/payment-methods.mjs";
import { refundRoutes } from "../resources/refunds.mjs";
import { setupIntentRoutes } from "../resources/setup-intents.mjs";
import { invalid, Problem } from "./problem.mjs";

/**
 * @typedef {import("./form-body.mjs").Params} Params
 *
 * @typedef {[method: "GET" | "POST" | "DELETE", path: string, params: string[],
 *   handle: (world: import("../world.mjs").World, id: string, params: Params, other: string) => object]} Route
 *   `:id` and `:other` in the path are handed to the handler; params are the names of those it takes
 */

/** @type {Route[]} */
const routes = [
  ...balanceTransactionRoutes,
  ...billingPortalRoutes,
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...invoiceRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...refundRoutes,
  ...setupIntentRoutes,
];

const patterns = routes.map(([method, path, params, handle]) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:(id|other)/g, "(?<$1>[^/]+)")}$`),
  params: [...params, "expand"],
  handle,
}));

/**
 * @param {import("../world.mjs").World} world
 * @param {string} method
 * @param {string} path
 * @param {Params} params
 * @returns {object} the resource as it is kept, or a list of such
 * @throws {Problem}
 */
export function callRoute(world, method, path, params) {
  const route = patterns.find((one) => one.method === method && one.pattern.test(path));
  if (!route) throw new Problem(404, "invalid_request_error", `Unrecognized request URL (${method}: ${path}).`);
  const unknown = Object.keys(params).find((name) => !route.params.includes(name));
  if (unknown !== undefined) {
    throw invalid(`Received unknown parameter: ${unknown}`, { code: "parameter_unknown", param: unknown });
  }
  const { id = "", other = "" } = route.pattern.exec(path)?.groups ?? {};
  return route.handle(world, decodeURIComponent(id), params, decodeURIComponent(other));
}
