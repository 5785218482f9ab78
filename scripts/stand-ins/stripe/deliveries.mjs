// @ts-check
// Webhooks: every event goes out, signed, until it is taken. They leave in the order they were made, and none waits
// for another.

import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import Stripe from "stripe";

const PATIENCE_MS = 10_000;

/**
 * @typedef {{ url: string, secret: string }} Target
 * @typedef {{ event: string, type: string, status: number, at: number }} Delivery status 0 where nobody answered
 */

/**
 * @param {{ now: () => number, retryDelaysMs: number[], onChange: () => void }} options the waits before each further try
 */
export function createDeliveries({ now, retryDelaysMs, onChange }) {
  /** @type {Target | undefined} */
  let target;
  let isPaused = false;
  /** @type {Stripe.Event[]} */
  let missed = [];
  /** @type {Set<Promise<void>>} */
  const underWay = new Set();
  /** @type {Delivery[]} */
  const log = [];
  const stopped = new AbortController();

  /** @param {Stripe.Event} event @returns {Promise<number>} the status it was answered with */
  async function deliver(event) {
    if (!target) return 0;
    const payload = JSON.stringify(event);
    const timestamp = Math.floor(now() / 1000);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: target.secret, timestamp });
    const status = await post(target.url, payload, signature, stopped.signal);
    log.push({ event: event.id, type: event.type, status, at: now() });
    if (isTaken(status) && event.pending_webhooks > 0) {
      event.pending_webhooks = 0;
      onChange();
    }
    return status;
  }

  /** @param {Stripe.Event} event */
  async function deliverUntilTaken(event) {
    // After the work that made the event, so that a webhook never finds its object unknown.
    await setImmediate();
    for (const delay of [0, ...retryDelaysMs]) {
      if (delay > 0) await sleep(delay, undefined, { signal: stopped.signal });
      if (isPaused) return void missed.push(event);
      if (stopped.signal.aborted || isTaken(await deliver(event))) return;
    }
  }

  /** @param {Stripe.Event} event */
  function start(event) {
    const delivery = deliverUntilTaken(event)
      .catch(() => {}) // stopped while it waited
      .finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  }

  return {
    log,
    deliver,

    /** @param {Target | undefined} wanted */
    setTarget(wanted) {
      target = wanted;
    },

    /** @param {Stripe.Event} event */
    send(event) {
      if (isPaused) missed.push(event);
      else if (target) start(event);
    },

    pause() {
      isPaused = true;
    },

    /** @param {{ deliverMissed: boolean }} how otherwise what was missed stays so */
    resume({ deliverMissed }) {
      isPaused = false;
      if (deliverMissed) for (const event of missed) start(event);
      missed = [];
    },

    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },

    async stop() {
      stopped.abort();
      await this.settled();
    },
  };
}

/**
 * @param {string} url
 * @param {string} body
 * @param {string} signature
 * @param {AbortSignal} stopped
 */
async function post(url, body, signature, stopped) {
  const headers = { "content-type": "application/json; charset=utf-8", "stripe-signature": signature };
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** @param {number} status */
const isTaken = (status) => status >= 200 && status < 300;
