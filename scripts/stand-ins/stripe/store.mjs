// @ts-check
// Everything that exists: the objects as the API shows them, and what it knows of them but does not show.

/** @import Stripe from "stripe" */

import { randomInt } from "node:crypto";
import { invalid, Problem } from "./api/problem.mjs";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DAY_MS = 86_400_000;
const EVENT_DAYS = 30;

/**
 * @typedef {{
 *   balance_transaction: Stripe.BalanceTransaction,
 *   "billing_portal.session": Stripe.BillingPortal.Session,
 *   charge: Stripe.Charge,
 *   "checkout.session": Stripe.Checkout.Session,
 *   customer: Stripe.Customer,
 *   dispute: Stripe.Dispute,
 *   event: Stripe.Event,
 *   invoice: Stripe.Invoice,
 *   invoice_payment: Stripe.InvoicePayment,
 *   payment_intent: Stripe.PaymentIntent,
 *   payment_method: Stripe.PaymentMethod,
 *   refund: Stripe.Refund,
 *   setup_intent: Stripe.SetupIntent,
 * }} Kinds by the name an object bears
 *
 * @typedef {"succeeds" | "declines" | "needs_authentication"} CardBehaviour
 *
 * @typedef {object} Facts what is known of an object but not shown
 * @property {Stripe.LineItem[]} [lineItems]
 * @property {{ metadata: Record<string, string>, setupFutureUsage: "on_session" | "off_session" | null,
 *   receiptEmail: string | null, description: string | null }} [intentData]
 * @property {CardBehaviour} [behaviour]
 * @property {boolean} [isSpent] it can no longer pay
 * @property {number} [settleAt] ms
 *
 * @typedef {{ fingerprint: string, status: number, body: string, at: number, requestId: string }} StoredAnswer
 * @typedef {{ objects: { id: string, object: string }[], facts: [string, Facts][], answers: [string, StoredAnswer][] }} Dump
 * @typedef {ReturnType<typeof createStore>} Store
 */

/** @type {Record<keyof Kinds, string>} */
const prefixes = {
  balance_transaction: "txn_",
  "billing_portal.session": "bps_",
  charge: "ch_",
  "checkout.session": "cs_test_",
  customer: "cus_",
  dispute: "dp_",
  event: "evt_",
  invoice: "in_",
  invoice_payment: "inpay_",
  payment_intent: "pi_",
  payment_method: "pm_",
  refund: "re_",
  setup_intent: "seti_",
};

export function createStore() {
  /** @type {Map<string, { id: string, object: string }>} */
  const objects = new Map();
  /** @type {Map<string, Facts>} */
  const facts = new Map();
  /** @type {Map<string, StoredAnswer>} by idempotency key */
  const answers = new Map();

  /** @template {keyof Kinds} K @param {K} kind @param {string} id @returns {Kinds[K] | undefined} */
  function find(kind, id) {
    const found = objects.get(id);
    return found?.object === kind ? /** @type {any} */ (found) : undefined;
  }

  return {
    answers,
    find,

    /** @template {{ id: string, object: string }} T @param {T} object @returns {T} */
    add(object) {
      objects.set(object.id, object);
      return object;
    },

    /** @param {string} id @returns {{ id: string, object: string } | undefined} */
    findAny: (id) => objects.get(id),

    /**
     * What a path names.
     * @template {keyof Kinds} K
     * @param {K} kind
     * @param {string} id
     * @returns {Kinds[K]}
     */
    need(kind, id) {
      const found = find(kind, id);
      if (found) return found;
      const details = { code: "resource_missing", param: kind === "checkout.session" ? "session" : "id" };
      throw new Problem(404, "invalid_request_error", `No such ${kind}: '${id}'`, details);
    },

    /**
     * What a parameter names.
     * @template {keyof Kinds} K
     * @param {K} kind
     * @param {string} id
     * @param {string} param
     * @returns {Kinds[K]}
     */
    refer(kind, id, param) {
      const found = find(kind, id);
      if (found) return found;
      throw invalid(`No such ${kind}: '${id}'`, { code: "resource_missing", param });
    },

    /** Newest first. @template {keyof Kinds} K @param {K} kind @returns {Kinds[K][]} */
    list(kind) {
      const found = [...objects.values()].filter(({ object }) => object === kind);
      return /** @type {any} */ (found.reverse());
    },

    /** @param {string} id @returns {Facts} to read and to write */
    factsOf(id) {
      const known = facts.get(id) ?? {};
      facts.set(id, known);
      return known;
    },

    /** Without what Stripe forgets by itself. @param {number} nowMs @returns {Dump} */
    dump(nowMs) {
      const kept = [...objects.values()].filter(
        (one) => one.object !== "event" || /** @type {any} */ (one).created * 1000 > nowMs - EVENT_DAYS * DAY_MS,
      );
      const recent = [...answers].filter(([, { at }]) => at > nowMs - DAY_MS);
      return { objects: kept, facts: [...facts], answers: recent };
    },

    /** @param {Dump} dumped */
    restore(dumped) {
      for (const object of dumped.objects) objects.set(object.id, object);
      for (const [id, known] of dumped.facts) facts.set(id, known);
      for (const [key, answer] of dumped.answers) answers.set(key, answer);
    },
  };
}

/** @param {keyof Kinds | { prefix: string }} kind */
export function newId(kind) {
  const prefix = typeof kind === "string" ? prefixes[kind] : kind.prefix;
  return prefix + Array.from({ length: 24 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/**
 * The id of what a field refers to, whether or not it is expanded.
 * @template {string | { id: string } | null | undefined} T
 * @param {T} reference
 * @returns {T extends null | undefined ? undefined : string}
 */
export const idOf = (reference) =>
  /** @type {any} */ (typeof reference === "object" && reference !== null ? reference.id : (reference ?? undefined));
