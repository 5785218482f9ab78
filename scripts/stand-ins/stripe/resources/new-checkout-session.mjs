// @ts-check

/** @import Stripe from "stripe" */

import { invalid } from "../api/problem.mjs";
import { booleanOf, choiceOf, integerOf, listOf, metadataOf, neededText, textOf } from "../api/read-param.mjs";
import { newId } from "../store.mjs";
import { currencyOf } from "./amounts.mjs";
import { readLineItems } from "./checkout-line-items.mjs";
import { delayedTypes } from "./payment-methods.mjs";
import { createSetup } from "./setup-intents.mjs";

const FUTURE_USES = /** @type {const} */ (["on_session", "off_session"]);
const HOUR = 3600;
const LEAST_SECONDS = HOUR / 2;
const MOST_SECONDS = 24 * HOUR;

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

/** Those that ask for taxes, other currencies, a language or another look are taken and change nothing. */
export const SESSION_PARAMS = [
  ...["branding_settings", "name_collection", "phone_number_collection", "payment_method_configuration"],
  ...["mode", "line_items", "customer", "customer_creation", "customer_email", "client_reference_id", "metadata"],
  ...["payment_intent_data", "setup_intent_data", "invoice_creation", "success_url", "cancel_url", "expires_at"],
  ...["allowed_payment_method_types", "currency", "ui_mode", "submit_type", "saved_payment_method_options"],
  ...["automatic_tax", "billing_address_collection", "tax_id_collection", "customer_update", "locale", "custom_text"],
  ...["payment_method_options", "allow_promotion_codes", "adaptive_pricing"],
];

/** @param {World} world @param {Params} params @returns {Stripe.Checkout.Session} */
export function createSession(world, params) {
  const mode = choiceOf(params, "mode", /** @type {const} */ (["payment", "setup"]));
  if (!mode) throw invalid("You must provide one of: 'payment', 'setup' as mode.", { param: "mode" });
  const customer = textOf(params, "customer") ?? null;
  if (customer !== null) world.store.refer("customer", customer, "customer");
  const email = textOf(params, "customer_email") ?? null;
  const creation = choiceOf(params, "customer_creation", /** @type {const} */ (["always", "if_required"]));
  if (customer !== null && (email !== null || creation !== undefined)) {
    const other = email === null ? "customer_creation" : "customer_email";
    throw invalid(`You may only specify one of these parameters: customer, ${other}.`);
  }
  const successUrl = neededText(params, "success_url");
  const bill = mode === "payment" ? readLineItems(world, params) : undefined;
  const types = methodTypes(params, mode, bill?.currency);
  const setup = mode === "setup" ? setupOf(world, params, customer) : undefined;
  const id = newId("checkout.session");
  const facts = world.store.factsOf(id);
  facts.lineItems = bill?.items ?? [];
  facts.intentData = {
    metadata: metadataOf(params, "payment_intent_data.metadata"),
    description: textOf(params, "payment_intent_data.description") ?? null,
    receiptEmail: textOf(params, "payment_intent_data.receipt_email") ?? null,
    setupFutureUsage: choiceOf(params, "payment_intent_data.setup_future_usage", FUTURE_USES) ?? null,
  };
  return world.store.add({
    ...blank(),
    id,
    object: /** @type {const} */ ("checkout.session"),
    adaptive_pricing: params.adaptive_pricing
      ? { enabled: booleanOf(params, "adaptive_pricing.enabled") === true }
      : null,
    allowed_payment_method_types: params.allowed_payment_method_types ? types : null,
    amount_subtotal: bill?.total ?? null,
    amount_total: bill?.total ?? null,
    automatic_tax: taxOf(params),
    cancel_url: textOf(params, "cancel_url") ?? null,
    client_reference_id: textOf(params, "client_reference_id") ?? null,
    created: world.seconds(),
    currency: bill?.currency ?? (params.currency === undefined ? null : currencyOf(params, "currency")),
    customer,
    customer_creation: mode === "payment" && customer === null ? (creation ?? "if_required") : null,
    customer_details: detailsOf(world, customer, email),
    customer_email: email,
    expires_at: expiryOf(world, params),
    invoice_creation: mode === "payment" ? invoiceCreationOf(params) : null,
    metadata: metadataOf(params),
    mode,
    payment_method_types: types,
    payment_status: mode === "payment" ? "unpaid" : "no_payment_required",
    setup_intent: setup?.id ?? null,
    status: /** @type {Stripe.Checkout.Session.Status} */ ("open"),
    success_url: successUrl,
    total_details: bill ? { amount_discount: 0, amount_shipping: 0, amount_tax: 0 } : null,
    url: `${world.url}/c/pay/${id}`,
  });
}

const blank = () => ({
  after_expiration: null,
  allow_promotion_codes: null,
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer_account: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  livemode: false,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_collection: /** @type {const} */ ("if_required"),
  payment_method_configuration_details: null,
  payment_method_options: {},
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  ui_mode: /** @type {Stripe.Checkout.Session.UiMode} */ ("hosted_page"),
  wallet_options: null,
});

/**
 * Where nothing is asked for, the account's settings say it: cards, and a bank debit for US dollars.
 * @param {Params} params
 * @param {"payment" | "setup"} mode
 * @param {string} [currency]
 * @returns {string[]}
 */
function methodTypes(params, mode, currency) {
  const known = ["card", ...delayedTypes];
  const asked = listOf(params, "allowed_payment_method_types");
  const unknown = asked.find((type) => !known.includes(type));
  if (unknown)
    throw invalid(`The payment method type "${unknown}" is not known here.`, { param: "allowed_payment_method_types" });
  if (asked.length > 0) return asked;
  return mode === "payment" && currency === "usd" ? ["card", "us_bank_account"] : ["card"];
}

/** @param {World} world @param {Params} params */
function expiryOf(world, params) {
  const at = integerOf(params, "expires_at") ?? world.seconds() + MOST_SECONDS;
  const ahead = at - world.seconds();
  if (ahead >= LEAST_SECONDS - 60 && ahead <= MOST_SECONDS) return at;
  throw invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.", {
    param: "expires_at",
  });
}

/** @param {World} world @param {Params} params @param {string | null} customer */
const setupOf = (world, params, customer) =>
  createSetup(world, {
    customer,
    metadata: metadataOf(params, "setup_intent_data.metadata"),
    description: textOf(params, "setup_intent_data.description") ?? null,
  });

/** @param {Params} params @returns {Stripe.Checkout.Session.AutomaticTax} */
function taxOf(params) {
  const enabled = booleanOf(params, "automatic_tax.enabled") === true;
  if (!enabled) return { enabled, liability: null, provider: null, status: null };
  return { enabled, liability: { type: "self" }, provider: "stripe", status: "complete" };
}

/** @param {Params} params @returns {Stripe.Checkout.Session.InvoiceCreation} */
const invoiceCreationOf = (params) => ({
  enabled: booleanOf(params, "invoice_creation.enabled") === true,
  invoice_data: {
    account_tax_ids: null,
    custom_fields: null,
    description: textOf(params, "invoice_creation.invoice_data.description") ?? null,
    footer: textOf(params, "invoice_creation.invoice_data.footer") ?? null,
    issuer: null,
    metadata: metadataOf(params, "invoice_creation.invoice_data.metadata"),
    rendering_options: null,
  },
});

/**
 * @param {World} world
 * @param {string | null} customerId
 * @param {string | null} email
 * @returns {Stripe.Checkout.Session.CustomerDetails | null}
 */
export function detailsOf(world, customerId, email) {
  const customer = world.store.find("customer", customerId ?? "");
  const known = customer?.email ?? email;
  if (!customer && known === null) return null;
  return {
    address: null,
    business_name: null,
    email: known,
    individual_name: null,
    name: customer?.name ?? null,
    phone: null,
    tax_exempt: "none",
    tax_ids: null,
  };
}
