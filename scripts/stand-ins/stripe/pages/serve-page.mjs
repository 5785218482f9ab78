// @ts-check

import { decodeForm } from "../api/form-body.mjs";
import { showCheckout, submitCheckout } from "./checkout-page.mjs";
import { invoicePdf, showInvoice, showReceipt } from "./papers.mjs";
import { showPortal, submitPortal } from "./portal-page.mjs";

/** @typedef {import("../world.mjs").World} World */

/** @type {[RegExp, (world: World, id: string) => import("./checkout-page.mjs").PageAnswer][]} */
const shown = [
  [/^\/c\/pay\/([^/]+)$/, showCheckout],
  [/^\/p\/session\/([^/]+)$/, showPortal],
  [/^\/receipts\/([^/]+)$/, showReceipt],
  [/^\/invoices\/([^/]+)$/, showInvoice],
];

/** @type {[RegExp, (world: World, id: string, form: import("../api/form-body.mjs").Params) => import("./checkout-page.mjs").PageAnswer][]} */
const submitted = [
  [/^\/c\/pay\/([^/]+)$/, submitCheckout],
  [/^\/p\/session\/([^/]+)$/, submitPortal],
];

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/**
 * @param {World} world
 * @param {string} method
 * @param {string} path
 * @param {string} body
 * @returns {{ status: number, headers: Record<string, string>, body: string | Buffer } | undefined} undefined: no page
 */
export function servePage(world, method, path, body) {
  const pdf = /^\/invoices\/([^/]+)\/pdf$/.exec(path)?.[1];
  if (pdf !== undefined && method === "GET") {
    const file = invoicePdf(world, pdf);
    return file && { status: 200, headers: { "content-type": "application/pdf" }, body: file };
  }
  const found = answerOf(world, method, path, body);
  if (!found) return undefined;
  const { status, html = "", location } = found;
  return { status, headers: location ? { location, "cache-control": "no-store" } : pageHeaders, body: html };
}

/** @param {World} world @param {string} method @param {string} path @param {string} body */
function answerOf(world, method, path, body) {
  if (method === "GET") {
    const [pattern, show] = shown.find(([one]) => one.test(path)) ?? [];
    return show?.(world, pattern?.exec(path)?.[1] ?? "");
  }
  if (method !== "POST") return undefined;
  const [pattern, submit] = submitted.find(([one]) => one.test(path)) ?? [];
  return submit?.(world, pattern?.exec(path)?.[1] ?? "", decodeForm(body));
}
