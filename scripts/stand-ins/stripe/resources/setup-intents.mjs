// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { textOf } from "../api/read-param.mjs";
import { newId } from "../store.mjs";

/** @typedef {import("../world.mjs").World} World */

/** @type {import("../api/routes.mjs").Route[]} */
export const setupIntentRoutes = [
  ["GET", "/v1/setup_intents/:id", ["client_secret"], (world, id) => world.store.need("setup_intent", id)],
  ["GET", "/v1/setup_intents", [...LIST_PARAMS, "customer"], list],
];

/**
 * @param {World} world
 * @param {{ customer: string | null, metadata: Record<string, string>, description: string | null }} wish
 * @returns {Stripe.SetupIntent}
 */
export function createSetup(world, { customer, metadata, description }) {
  const id = newId("setup_intent");
  const setup = world.store.add({
    id,
    object: /** @type {const} */ ("setup_intent"),
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${newId({ prefix: "" })}`,
    created: world.seconds(),
    customer,
    description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: /** @type {Stripe.SetupIntent.Status} */ ("requires_payment_method"),
    usage: "off_session",
  });
  world.emit("setup_intent.created", setup);
  return setup;
}

/** @param {World} world @param {string} _ @param {import("../api/form-body.mjs").Params} params */
function list(world, _, params) {
  const customer = textOf(params, "customer");
  const found = world.store.list("setup_intent").filter((one) => customer === undefined || one.customer === customer);
  return page(found, params, "/v1/setup_intents");
}
