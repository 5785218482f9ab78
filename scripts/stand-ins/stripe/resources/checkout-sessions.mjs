// @ts-check

/** @import Stripe from "stripe" */

import { listOf as asList, LIST_PARAMS, page } from "../api/list.mjs";
import { invalid } from "../api/problem.mjs";
import { metadataOf, textOf } from "../api/read-param.mjs";
import { idOf } from "../store.mjs";
import { createSession, SESSION_PARAMS } from "./new-checkout-session.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

/** @type {import("../api/routes.mjs").Route[]} */
export const checkoutSessionRoutes = [
  ["POST", "/v1/checkout/sessions", SESSION_PARAMS, (world, _, params) => createSession(world, params)],
  ["POST", "/v1/checkout/sessions/:id/expire", [], (world, id) => expireSession(world, need(world, id))],
  ["GET", "/v1/checkout/sessions/:id/line_items", LIST_PARAMS, listLineItems],
  ["GET", "/v1/checkout/sessions/:id", [], need],
  ["POST", "/v1/checkout/sessions/:id", ["metadata"], updateSession],
  ["GET", "/v1/checkout/sessions", [...LIST_PARAMS, "payment_intent", "customer", "status"], listSessions],
];

/** @param {World} world @param {string} id */
function need(world, id) {
  return world.store.need("checkout.session", id);
}

/** @param {World} world @param {Stripe.Checkout.Session} session */
export function expireSession(world, session) {
  if (session.status !== "open") {
    throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`);
  }
  session.status = "expired";
  session.url = null;
  world.emit("checkout.session.expired", session);
  return session;
}

/** Those whose time is over. @param {World} world */
export function expireOldSessions(world) {
  for (const session of world.store.list("checkout.session")) {
    if (session.status === "open" && session.expires_at <= world.seconds()) expireSession(world, session);
  }
}

/** @param {World} world @param {string} id @param {Params} params */
function updateSession(world, id, params) {
  const session = need(world, id);
  session.metadata = metadataOf(params, "metadata", session.metadata);
  return session;
}

/** @param {World} world @param {string} id */
export const lineItemsOf = (world, id) =>
  asList(world.store.factsOf(id).lineItems ?? [], false, `/v1/checkout/sessions/${id}/line_items`);

/** @param {World} world @param {string} id @param {Params} params */
function listLineItems(world, id, params) {
  const { data, url } = lineItemsOf(world, need(world, id).id);
  return page(data, params, url);
}

/** @param {World} world @param {string} _ @param {Params} params */
function listSessions(world, _, params) {
  const [intent, customer, status] = ["payment_intent", "customer", "status"].map((name) => textOf(params, name));
  const found = world.store
    .list("checkout.session")
    .filter(
      (one) =>
        (intent === undefined || idOf(one.payment_intent) === intent) &&
        (customer === undefined || idOf(one.customer) === customer) &&
        (status === undefined || one.status === status),
    );
  return page(found, params, "/v1/checkout/sessions");
}
