// @ts-check

/** @import Stripe from "stripe" */

import { LIST_PARAMS, page } from "../api/list.mjs";
import { invalid } from "../api/problem.mjs";
import { booleanOf, metadataOf, textOf } from "../api/read-param.mjs";
import { idOf, newId } from "../store.mjs";
import { addTransaction } from "./balance-transactions.mjs";

const FEE = 1500;
const DAYS_TO_ANSWER = 9;

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../api/form-body.mjs").Params} Params */

/** @type {import("../api/routes.mjs").Route[]} */
export const disputeRoutes = [
  ["GET", "/v1/disputes/:id", [], (world, id) => world.store.need("dispute", id)],
  ["POST", "/v1/disputes/:id", ["evidence", "metadata", "submit"], updateDispute],
  ["POST", "/v1/disputes/:id/close", [], (world, id) => closeDispute(world, world.store.need("dispute", id), "lost")],
  ["GET", "/v1/disputes", [...LIST_PARAMS, "charge", "payment_intent"], listDisputes],
];

/**
 * @param {World} world
 * @param {Stripe.Charge} charge
 * @param {{ isInquiry: boolean, amount?: number, reason?: string }} wish an inquiry moves no money
 * @returns {Stripe.Dispute}
 */
export function openDispute(world, charge, { isInquiry, amount = charge.amount, reason = "fraudulent" }) {
  if (!charge.paid) throw invalid(`Charge ${charge.id} has not succeeded; nobody can dispute it.`);
  const dispute = world.store.add({
    id: newId("dispute"),
    object: /** @type {const} */ ("dispute"),
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: world.seconds() + DAYS_TO_ANSWER * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: /** @type {const} */ ("not_submitted"),
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: idOf(charge.payment_intent) ?? null,
    reason,
    status: /** @type {Stripe.Dispute.Status} */ (isInquiry ? "warning_needs_response" : "needs_response"),
  });
  charge.disputed = !isInquiry;
  world.emit("charge.dispute.created", dispute);
  return dispute;
}

/** An inquiry becomes a real dispute by it. @param {World} world @param {Stripe.Dispute} dispute */
export function withdrawFunds(world, dispute) {
  if (dispute.balance_transactions.length > 0) throw invalid(`The funds of ${dispute.id} have been withdrawn already.`);
  if (dispute.status.startsWith("warning_")) {
    const before = { status: dispute.status };
    dispute.status = "needs_response";
    dispute.is_charge_refundable = false;
    chargeOf(world, dispute).disputed = true;
    world.emit("charge.dispute.updated", dispute, before);
  }
  moveFunds(world, dispute, { amount: -dispute.amount, fee: FEE, category: "dispute" });
  world.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/**
 * @param {World} world
 * @param {Stripe.Dispute} dispute
 * @param {"won" | "lost" | "warning_closed"} outcome
 */
export function closeDispute(world, dispute, outcome) {
  if (["won", "lost", "warning_closed"].includes(dispute.status)) throw invalid(`${dispute.id} is already closed.`);
  const isInquiry = dispute.status.startsWith("warning_");
  if (isInquiry !== (outcome === "warning_closed")) {
    throw invalid(`A dispute with status ${dispute.status} cannot end as ${outcome}.`);
  }
  dispute.status = outcome;
  world.emit("charge.dispute.closed", dispute);
  if (outcome === "won" && dispute.balance_transactions.length > 0) {
    moveFunds(world, dispute, { amount: dispute.amount, fee: 0, category: "dispute_reversal" });
    world.emit("charge.dispute.funds_reinstated", dispute);
  }
  return dispute;
}

/** @param {World} world @param {Stripe.Dispute} dispute @param {{ amount: number, fee: number, category: string }} how */
function moveFunds(world, dispute, { amount, fee, category }) {
  const { currency, id: source } = dispute;
  const description = `Chargeback ${amount < 0 ? "withdrawal" : "reversal"} for ${dispute.charge}`;
  const type = /** @type {const} */ ("adjustment");
  const transaction = addTransaction(world, { type, category, amount, fee, currency, source, description });
  dispute.balance_transactions = [...dispute.balance_transactions, transaction];
}

/** @param {World} world @param {Stripe.Dispute} dispute */
const chargeOf = (world, dispute) => world.store.need("charge", idOf(dispute.charge));

/** @param {World} world @param {string} id @param {Params} params */
function updateDispute(world, id, params) {
  const dispute = world.store.need("dispute", id);
  dispute.metadata = metadataOf(params, "metadata", dispute.metadata);
  if (params.evidence) {
    Object.assign(dispute.evidence, params.evidence);
    dispute.evidence_details.has_evidence = true;
  }
  if (params.evidence && booleanOf(params, "submit") !== false) {
    dispute.evidence_details.submission_count += 1;
    dispute.status = dispute.status.startsWith("warning_") ? "warning_under_review" : "under_review";
  }
  world.emit("charge.dispute.updated", dispute);
  return dispute;
}

/** @returns {Stripe.Dispute.Evidence} */
const noEvidence = () => ({
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
});

/** @param {World} world @param {string} _ @param {Params} params */
function listDisputes(world, _, params) {
  const [charge, intent] = ["charge", "payment_intent"].map((name) => textOf(params, name));
  const found = world.store
    .list("dispute")
    .filter(
      (one) =>
        (charge === undefined || one.charge === charge) && (intent === undefined || one.payment_intent === intent),
    );
  return page(found, params, "/v1/disputes");
}
