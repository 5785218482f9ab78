// @ts-check
// What a customer keeps: the receipt of a charge, the invoice, and the invoice as a PDF.

import { moneyText } from "../resources/amounts.mjs";
import { escaped, htmlPage } from "./html.mjs";
import { pdfOf } from "./pdf.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("./checkout-page.mjs").PageAnswer} PageAnswer */

/** @type {PageAnswer} */
const missing = {
  status: 404,
  html: htmlPage("Not found", '<section class="card"><p>There is no such paper.</p></section>'),
};

/** @param {World} world @param {string} id @returns {PageAnswer} */
export function showReceipt(world, id) {
  const charge = world.store.find("charge", id);
  if (!charge?.paid) return missing;
  const { amount, amount_refunded: refunded, currency, created, description } = charge;
  const rows = [
    ["Amount paid", moneyText(amount, currency)],
    ...(refunded > 0 ? [["Refunded", moneyText(refunded, currency)]] : []),
    ["Date", dayOf(created)],
    ["Payment", charge.id],
  ];
  return { status: 200, html: paper("Receipt", description ?? "Payment", amount, currency, rows) };
}

/** @param {World} world @param {string} id @returns {PageAnswer} */
export function showInvoice(world, id) {
  const invoice = world.store.find("invoice", id);
  if (!invoice) return missing;
  const { total, currency, created, number } = invoice;
  const rows = [
    ...invoice.lines.data.map(({ description, amount }) => [description ?? "", moneyText(amount, currency)]),
    ["Paid on", dayOf(created)],
  ];
  const link = `<p><a href="${escaped(invoice.invoice_pdf ?? "")}">Download as PDF</a></p>`;
  return { status: 200, html: paper("Invoice", number ?? id, total, currency, rows, link) };
}

/** @param {World} world @param {string} id @returns {Buffer | undefined} */
export function invoicePdf(world, id) {
  const invoice = world.store.find("invoice", id);
  if (!invoice) return undefined;
  const { currency } = invoice;
  return pdfOf([
    `Invoice ${invoice.number}`,
    "Test mode: no real money moved",
    "",
    `Date: ${dayOf(invoice.created)}`,
    `To: ${invoice.customer_name ?? invoice.customer_email ?? invoice.customer ?? ""}`,
    "",
    ...invoice.lines.data.map(({ description, amount }) => `${description}: ${moneyText(amount, currency)}`),
    `Total paid: ${moneyText(invoice.total, currency)}`,
  ]);
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {number} amount
 * @param {string} currency
 * @param {string[][]} rows
 * @param {string} [after]
 */
const paper = (kind, name, amount, currency, rows, after = "") =>
  htmlPage(
    `${kind} ${name}`,
    `<section class="card"><h1>${kind}: ${escaped(name)}</h1><p class="amount">${moneyText(amount, currency)}</p>
<table>${rows.map(([label, value]) => `<tr><td>${escaped(label ?? "")}</td><td>${escaped(value ?? "")}</td></tr>`).join("")}</table>${after}</section>
<p class="quiet">Written by a stand-in for Stripe; it proves nothing.</p>`,
  );

/** @param {number} seconds */
const dayOf = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);
