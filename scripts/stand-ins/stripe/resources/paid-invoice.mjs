// @ts-check
// The invoice that Checkout writes after a payment, where the session asked for one: paid from its birth on.

/** @import Stripe from "stripe" */

import { listOf } from "../api/list.mjs";
import { idOf, newId } from "../store.mjs";

/** @typedef {import("../world.mjs").World} World */

/**
 * @param {World} world
 * @param {Stripe.Checkout.Session} session
 * @param {Stripe.PaymentIntent} intent
 * @returns {Stripe.Invoice}
 */
export function writeInvoice(world, session, intent) {
  const id = newId("invoice");
  const created = world.seconds();
  const total = intent.amount;
  const { currency } = intent;
  const customer = world.store.find("customer", idOf(intent.customer) ?? "");
  if (customer) customer.next_invoice_sequence = (customer.next_invoice_sequence ?? 1) + 1;
  const serial = String((customer?.next_invoice_sequence ?? 2) - 1).padStart(4, "0");
  const data = session.invoice_creation?.invoice_data;
  const invoice = world.store.add({
    ...blank(),
    id,
    object: /** @type {const} */ ("invoice"),
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: total,
    amount_remaining: 0,
    amount_shipping: 0,
    attempt_count: 1,
    attempted: true,
    auto_advance: false,
    billing_reason: /** @type {const} */ ("manual"),
    collection_method: /** @type {const} */ ("charge_automatically"),
    created,
    currency,
    customer: customer?.id ?? null,
    customer_email: session.customer_details?.email ?? null,
    customer_name: session.customer_details?.name ?? null,
    description: data?.description ?? null,
    effective_at: created,
    ending_balance: 0,
    footer: data?.footer ?? null,
    hosted_invoice_url: `${world.url}/invoices/${id}`,
    invoice_pdf: `${world.url}/invoices/${id}/pdf`,
    lines: linesOf(world, session, id, created),
    livemode: false,
    metadata: { ...data?.metadata },
    number: `${customer?.invoice_prefix ?? "STANDIN"}-${serial}`,
    period_end: created,
    period_start: created,
    starting_balance: 0,
    status: /** @type {const} */ ("paid"),
    status_transitions: { finalized_at: created, marked_uncollectible_at: null, paid_at: created, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  });
  recordPayment(world, invoice, intent);
  world.emit("invoice.created", invoice);
  world.emit("invoice.finalized", invoice);
  world.emit("invoice.paid", invoice);
  world.emit("invoice.payment_succeeded", invoice);
  return invoice;
}

/** Fields that such an invoice never fills. */
const blank = () => ({
  account_country: "US",
  account_name: "Stand-in",
  account_tax_ids: null,
  application: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  automatically_finalizes_at: null,
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: /** @type {const} */ ("none"),
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  due_date: null,
  from_invoice: null,
  issuer: { type: /** @type {const} */ ("self") },
  last_finalization_error: null,
  latest_revision: null,
  next_payment_attempt: null,
  on_behalf_of: null,
  parent: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  test_clock: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
  webhooks_delivered_at: null,
});

/** @param {World} world @param {Stripe.Checkout.Session} session @param {string} invoice @param {number} created */
function linesOf(world, session, invoice, created) {
  const items = world.store.factsOf(session.id).lineItems ?? [];
  const lines = items.map((item) => ({
    id: newId({ prefix: "il_" }),
    object: /** @type {const} */ ("line_item"),
    amount: item.amount_total,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: {},
    parent: null,
    period: { end: created, start: created },
    pretax_credit_amounts: [],
    pricing: null,
    quantity: item.quantity,
    quantity_decimal: null,
    subscription: null,
    subtotal: item.amount_subtotal,
    taxes: [],
  }));
  return listOf(lines, false, `/v1/invoices/${invoice}/lines`);
}

/** @param {World} world @param {Stripe.Invoice} invoice @param {Stripe.PaymentIntent} intent */
function recordPayment(world, invoice, intent) {
  world.store.add({
    id: newId("invoice_payment"),
    object: /** @type {const} */ ("invoice_payment"),
    amount_paid: intent.amount,
    amount_requested: intent.amount,
    created: invoice.created,
    currency: intent.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: /** @type {const} */ ("payment_intent") },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: invoice.created },
  });
}
