// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { invalid, Problem } from "../api/problem.mjs";
import { booleanOf, choiceOf, listOf, metadataOf, neededInteger, neededText, textOf } from "../api/read-param.mjs";
import { idOf } from "../store.mjs";
import { amountInBounds, currencyOf } from "./amounts.mjs";
import { createIntent, payIntent } from "./payment-intent-states.mjs";
import { attach, spent } from "./payment-methods.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

const FUTURE_USES = /** @type {const} */ (["on_session", "off_session"]);
const CONFIRM_PARAMS = ["payment_method", "off_session", "receipt_email", "error_on_requires_action", "return_url"];
const CREATE_PARAMS = [
  ...CONFIRM_PARAMS,
  ...["amount", "currency", "customer", "confirm", "description", "metadata", "allowed_payment_method_types"],
  ...["setup_future_usage", "automatic_payment_methods", "statement_descriptor", "statement_descriptor_suffix"],
];

/** @type {import("../api/routes.mjs").Route[]} */
export const paymentIntentRoutes = [
  ["POST", "/v1/payment_intents", CREATE_PARAMS, create],
  ["POST", "/v1/payment_intents/:id/confirm", CONFIRM_PARAMS, confirm],
  ["POST", "/v1/payment_intents/:id/cancel", ["cancellation_reason"], cancel],
  ["POST", "/v1/payment_intents/:id", ["metadata", "description", "receipt_email"], update],
  ["GET", "/v1/payment_intents/:id", ["client_secret"], (world, id) => world.store.need("payment_intent", id)],
  ["GET", "/v1/payment_intents", [...LIST_PARAMS, "customer"], list],
];

/** @param {World} world @param {string} _ @param {Params} params */
function create(world, _, params) {
  const currency = currencyOf(params, "currency");
  const amount = amountInBounds(neededInteger(params, "amount"), currency, "amount");
  const customer = textOf(params, "customer");
  if (customer !== undefined) world.store.refer("customer", customer, "customer");
  const method = methodOf(world, params, customer);
  const isConfirmed = booleanOf(params, "confirm") === true;
  if (booleanOf(params, "off_session") && !isConfirmed) {
    throw invalid("You can only set `off_session` when `confirm` is true.", { param: "off_session" });
  }
  const types = listOf(params, "allowed_payment_method_types");
  const intent = createIntent(world, {
    amount,
    currency,
    customer: customer ?? null,
    description: textOf(params, "description") ?? null,
    metadata: metadataOf(params),
    receiptEmail: textOf(params, "receipt_email") ?? null,
    setupFutureUsage: choiceOf(params, "setup_future_usage", FUTURE_USES) ?? null,
    types: types.length > 0 ? types : ["card"],
  });
  if (booleanOf(params, "automatic_payment_methods.enabled")) {
    intent.automatic_payment_methods = { allow_redirects: "always", enabled: true };
  }
  if (method) {
    intent.payment_method = method.id;
    intent.status = "requires_confirmation";
  }
  return isConfirmed ? confirmed(world, intent, params) : intent;
}

/** @param {World} world @param {string} id @param {Params} params */
function confirm(world, id, params) {
  const intent = world.store.need("payment_intent", id);
  const method = methodOf(world, params, idOf(intent.customer));
  if (intent.status !== "requires_payment_method" && intent.status !== "requires_confirmation") {
    throw unexpectedState(intent, "confirm");
  }
  if (method) intent.payment_method = method.id;
  return confirmed(world, intent, params);
}

/**
 * @param {World} world
 * @param {Stripe.PaymentIntent} intent
 * @param {Params} params
 * @returns {Stripe.PaymentIntent}
 * @throws {Problem} 402 where the card is refused
 */
function confirmed(world, intent, params) {
  const method = world.store.find("payment_method", idOf(intent.payment_method) ?? "");
  if (!method) {
    const message = "You cannot confirm this PaymentIntent because it's missing a payment method.";
    throw invalid(message, { code: "payment_intent_unexpected_state" });
  }
  const how = payIntent(world, intent, method, { present: booleanOf(params, "off_session") !== true });
  const failure = intent.last_payment_error;
  if (how === "failed" && failure) {
    throw new Problem(402, "card_error", failure.message ?? "", {
      code: failure.code,
      decline_code: failure.decline_code,
      charge: failure.charge,
      payment_intent: structuredClone(intent),
      payment_method: failure.payment_method,
    });
  }
  if (intent.setup_future_usage && intent.customer) attach(world, method, idOf(intent.customer) ?? "");
  return intent;
}

/** @param {World} world @param {Params} params @param {string} [customer] */
function methodOf(world, params, customer) {
  const id = textOf(params, "payment_method");
  if (id === undefined) return undefined;
  const method = world.store.refer("payment_method", id, "payment_method");
  if (world.store.factsOf(id).isSpent) throw spent();
  const owner = idOf(method.customer);
  if (owner && owner !== customer) {
    const whom = customer ? `${customer}, but it belongs to another one` : "no customer, but it belongs to one";
    throw invalid(`The PaymentMethod ${id} was used with ${whom}.`, { param: "payment_method" });
  }
  return method;
}

/** @param {World} world @param {string} id @param {Params} params */
function cancel(world, id, params) {
  const intent = world.store.need("payment_intent", id);
  if (["succeeded", "canceled", "processing"].includes(intent.status)) throw unexpectedState(intent, "cancel");
  const reason = choiceOf(params, "cancellation_reason", [
    "duplicate",
    "fraudulent",
    "requested_by_customer",
    "abandoned",
  ]);
  intent.status = "canceled";
  intent.canceled_at = world.seconds();
  intent.cancellation_reason = reason ?? null;
  world.emit("payment_intent.canceled", intent);
  return intent;
}

/** @param {World} world @param {string} id @param {Params} params */
function update(world, id, params) {
  const intent = world.store.need("payment_intent", id);
  intent.metadata = metadataOf(params, "metadata", intent.metadata);
  if (params.description !== undefined) intent.description = textOf(params, "description") ?? null;
  if (params.receipt_email !== undefined) intent.receipt_email = textOf(params, "receipt_email") ?? null;
  return intent;
}

/** @param {Stripe.PaymentIntent} intent @param {string} verb */
const unexpectedState = (intent, verb) =>
  invalid(`You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`, {
    code: "payment_intent_unexpected_state",
    payment_intent: structuredClone(intent),
  });

/** @param {World} world @param {string} _ @param {Params} params */
function list(world, _, params) {
  const customer = params.customer === undefined ? undefined : neededText(params, "customer");
  const found = world.store.list("payment_intent").filter((one) => customer === undefined || one.customer === customer);
  return page(found, params, "/v1/payment_intents");
}
