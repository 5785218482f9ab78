// @ts-check
// What tests make happen from outside the API: the customer, his bank, the operator's dashboard, a failing network.
// Every control takes one object and can also be called as a POST of that object, as JSON, to /_stand-in/<name>.

/** @import Stripe from "stripe" */

import { completeSession, endDelayedPayment } from "./resources/checkout-outcomes.mjs";
import { expireSession } from "./resources/checkout-sessions.mjs";
import { closeDispute, openDispute, withdrawFunds } from "./resources/disputes.mjs";
import { attach, createMethod } from "./resources/payment-methods.mjs";
import { chargeOf, failRefund, refund } from "./resources/refunds.mjs";

/**
 * @typedef {{ charge?: string, payment_intent?: string }} Payment one of both
 * @typedef {ReturnType<typeof createControls>} Controls
 */

/**
 * @param {import("./world.mjs").World} world
 * @param {ReturnType<typeof import("./deliveries.mjs").createDeliveries>} deliveries
 * @param {ReturnType<typeof import("./disturbances.mjs").createDisturbances>} disturbances
 */
export function createControls(world, deliveries, disturbances) {
  const { store } = world;
  const session = (/** @type {string} */ id) => store.need("checkout.session", id);
  const dispute = (/** @type {string} */ id) => store.need("dispute", id);
  return {
    /** @param {import("./deliveries.mjs").Target} target */
    setWebhook: (target) => deliveries.setTarget(target),

    pauseWebhooks: () => deliveries.pause(),

    /** @param {{ deliverMissed?: boolean }} [how] by default what was missed goes out now */
    resumeWebhooks: ({ deliverMissed = true } = {}) => deliveries.resume({ deliverMissed }),

    /** Resolves when no delivery is under way or waits for its next try. */
    webhooksSettled: () => deliveries.settled(),

    /** Every delivery so far, oldest first. */
    webhookLog: () => [...deliveries.log],

    /**
     * @param {{ event: string, times?: number, parallel?: number }} wish
     * @returns {Promise<number[]>} the statuses
     */
    async redeliver({ event: id, times = 1, parallel = 1 }) {
      const event = store.need("event", id);
      let left = times;
      /** @type {number[]} */
      const statuses = [];
      const lane = async () => {
        while (left-- > 0) statuses.push(await deliveries.deliver(event));
      };
      await Promise.all(Array.from({ length: parallel }, lane));
      return statuses;
    },

    /**
     * One after the other, each when the one before was answered.
     * @param {{ events: string[] }} wish
     * @returns {Promise<number[]>} the statuses
     */
    async deliverInOrder({ events }) {
      const statuses = [];
      for (const id of events) statuses.push(await deliveries.deliver(store.need("event", id)));
      return statuses;
    },

    /**
     * The customer pays on the checkout page.
     * @param {{ session: string, outcome?: import("./resources/checkout-outcomes.mjs").Outcome, email?: string }} wish
     */
    completeSession({ session: id, outcome = "card", email }) {
      completeSession(world, session(id), { outcome, email });
      return structuredClone(session(id));
    },

    /** His card is refused; the session stays open. @param {{ session: string }} wish */
    declineSession({ session: id }) {
      completeSession(world, session(id), { outcome: "card_declined" });
      return structuredClone(session(id));
    },

    /** @param {{ session: string }} wish */
    expireSession: ({ session: id }) => structuredClone(expireSession(world, session(id))),

    /** The money of a bank transfer arrives. @param {{ session: string }} wish */
    settlePayment({ session: id }) {
      endDelayedPayment(world, session(id), true);
      return structuredClone(session(id));
    },

    /** It does not. @param {{ session: string }} wish */
    failPayment({ session: id }) {
      endDelayedPayment(world, session(id), false);
      return structuredClone(session(id));
    },

    /**
     * An inquiry (`warning_needs_response`), or a dispute, which takes the money at once unless told not to.
     * @param {Payment & { inquiry?: boolean, withdraw?: boolean, amount?: number, reason?: string }} wish
     * @returns {Stripe.Dispute}
     */
    openDispute({ inquiry = false, withdraw = !inquiry, amount, reason, ...payment }) {
      const opened = openDispute(world, chargeOf(world, payment), { isInquiry: inquiry, amount, reason });
      return structuredClone(withdraw ? withdrawFunds(world, opened) : opened);
    },

    /** @param {{ dispute: string }} wish */
    withdrawFunds: ({ dispute: id }) => structuredClone(withdrawFunds(world, dispute(id))),

    /** Won gives the money back, if it was taken. @param {{ dispute: string, outcome: "won" | "lost" | "warning_closed" }} wish */
    closeDispute: ({ dispute: id, outcome }) => structuredClone(closeDispute(world, dispute(id), outcome)),

    /** Without an amount all that is left. @param {Payment & { amount?: number }} wish */
    refundFromDashboard: ({ amount, ...payment }) =>
      structuredClone(refund(world, chargeOf(world, payment), { amount, reason: "requested_by_customer" })),

    /** @param {{ refund: string, reason?: string }} wish */
    failRefund: ({ refund: id, reason = "expired_or_canceled_card" }) =>
      structuredClone(failRefund(world, store.need("refund", id), reason)),

    /**
     * Saves a card with the customer that behaves so whenever it is used.
     * @param {{ customer: string, behaviour?: import("./store.mjs").CardBehaviour, isDefault?: boolean }} wish
     */
    attachCard({ customer: id, behaviour = "succeeds", isDefault = false }) {
      const customer = store.need("customer", id);
      const method = createMethod(world, { type: "card", behaviour, email: customer.email });
      attach(world, method, id);
      if (isDefault) customer.invoice_settings.default_payment_method = method.id;
      return structuredClone(method);
    },

    /** Every request to the API so far, oldest first. */
    requests: () => [...disturbances.requests],

    /**
     * The next requests are worked off, but the connection breaks before the answer.
     * @param {{ times?: number, path?: string }} [wish] path is how the paths of those begin
     */
    dropAnswers: ({ times = 1, path = "/" } = {}) => disturbances.drop(times, path),

    /** The work is done at once, the answer takes that long. @param {{ ms: number }} wish */
    delayAnswers: ({ ms }) => disturbances.delay(ms),
  };
}
