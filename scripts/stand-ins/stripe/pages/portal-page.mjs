// @ts-check
// The billing portal: the customer's cards and invoices.

/** @import Stripe from "stripe" */

import { moneyText } from "../resources/amounts.mjs";
import { changesOf } from "../resources/customers.mjs";
import { attach, createMethod, detach, methodsOf } from "../resources/payment-methods.mjs";
import { escaped, htmlPage } from "./html.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("./checkout-page.mjs").PageAnswer} PageAnswer */
/** @typedef {import("../store.mjs").CardBehaviour} CardBehaviour */

/** @type {Record<CardBehaviour, string>} */
const cardNames = {
  succeeds: "Add a card that works",
  declines: "Add a card that is declined",
  needs_authentication: "Add a card that asks for authentication",
};

/** @param {World} world @param {string} id @returns {PageAnswer} */
export function showPortal(world, id) {
  const session = world.store.find("billing_portal.session", id);
  const customer = world.store.find("customer", session?.customer ?? "");
  if (!session || !customer) {
    return { status: 404, html: htmlPage("Billing", '<section class="card"><p>There is no such page.</p></section>') };
  }
  return { status: 200, html: portal(world, session, customer) };
}

/**
 * @param {World} world
 * @param {string} id
 * @param {import("../api/form-body.mjs").Params} form add, remove or prefer
 * @returns {PageAnswer}
 */
export function submitPortal(world, id, form) {
  const customer = world.store.find("customer", world.store.find("billing_portal.session", id)?.customer ?? "");
  if (!customer) return showPortal(world, id);
  const own = methodsOf(world, customer.id);
  const named = (/** @type {string} */ method) => own.find((one) => one.id === method);
  const [removed, preferred] = [named(form.remove), named(form.prefer)];
  if (form.add in cardNames) {
    const behaviour = /** @type {CardBehaviour} */ (form.add);
    attach(world, createMethod(world, { type: "card", behaviour, email: customer.email }), customer.id);
  }
  if (removed) detach(world, removed);
  if (preferred) {
    const before = structuredClone(customer);
    customer.invoice_settings.default_payment_method = preferred.id;
    world.emit("customer.updated", customer, changesOf(before, customer));
  }
  return { status: 303, location: `/p/session/${id}` };
}

/** @param {World} world @param {Stripe.BillingPortal.Session} session @param {Stripe.Customer} customer */
function portal(world, session, customer) {
  const cards = methodsOf(world, customer.id).map((method) => cardRow(method, customer));
  const invoices = world.store
    .list("invoice")
    .filter((one) => one.customer === customer.id)
    .map(
      ({ number, total, currency, hosted_invoice_url }) =>
        `<div class="row"><a href="${escaped(hosted_invoice_url ?? "")}">${escaped(number ?? "")}</a><span>${moneyText(total, currency)}</span></div>`,
    );
  const buttons = Object.entries(cardNames).map(
    ([behaviour, text]) => `<button name="add" value="${behaviour}">${text}</button>`,
  );
  const back = session.return_url ? `<p><a href="${escaped(session.return_url)}">Back</a></p>` : "";
  return htmlPage(
    "Billing",
    `${back}
<h1 class="page">Billing</h1>
<section class="card">
<h2>Saved cards</h2>
${cards.join("\n") || '<p class="quiet">None yet.</p>'}
</section>
<form class="card" method="post"><h2>Add a test card</h2>${buttons.join("\n")}</form>
<section class="card"><h2>Invoices</h2>${invoices.join("\n") || '<p class="quiet">None yet.</p>'}</section>
<p class="quiet">This page stands in for Stripe on this machine.</p>`,
    { isWide: true },
  );
}

/** @param {Stripe.PaymentMethod} method @param {Stripe.Customer} customer */
function cardRow({ id, card, type }, customer) {
  const name = card ? `${card.brand === "visa" ? "Visa" : card.brand} ending in ${card.last4}` : type;
  const isDefault = customer.invoice_settings.default_payment_method === id;
  const prefer = isDefault ? "" : `<button name="prefer" value="${id}">Use by default</button>`;
  return `<div class="row"><span>${escaped(name)}${isDefault ? '<span class="tag">default</span>' : ""}</span>
<form method="post">${prefer}<button name="remove" value="${id}">Remove</button></form></div>`;
}
