// @ts-check
// What every resource works on: the store, the clock, the address, and the events that changes give rise to.

import Stripe from "stripe";
import { createStore, newId } from "./store.mjs";

/**
 * @typedef {{ id: string | null, idempotency_key: string | null }} Cause the API request behind an event, if any
 *
 * @typedef {object} World
 * @property {import("./store.mjs").Store} store
 * @property {string} url of the stand-in itself
 * @property {() => number} nowMs
 * @property {() => number} seconds since the epoch
 * @property {Cause} cause of what happens now: requests are worked off one at a time, without a pause in between
 * @property {number | null} settleAfterMs after which a bank transfer arrives by itself
 * @property {(type: Stripe.Event.Type, object: { id: string, object: string }, previous?: object) => Stripe.Event} emit
 */

/** @type {Cause} */
export const noRequest = { id: null, idempotency_key: null };

/**
 * @param {{ now: () => number, settleAfterMs: number | null, onEvent: (event: Stripe.Event) => void }} options
 * @returns {World}
 */
export function createWorld({ now, settleAfterMs, onEvent }) {
  const store = createStore();
  const seconds = () => Math.floor(now() / 1000);
  /** @type {World} */
  const world = { store, url: "", nowMs: now, seconds, cause: noRequest, settleAfterMs, emit };
  return world;

  /** @type {World["emit"]} */
  function emit(type, object, previous) {
    const event = /** @type {Stripe.Event} */ (
      /** @type {unknown} */ ({
        id: newId("event"),
        object: "event",
        api_version: Stripe.API_VERSION,
        created: seconds(),
        data: { object: structuredClone(object), ...(previous && { previous_attributes: previous }) },
        livemode: false,
        pending_webhooks: 1,
        request: { ...world.cause },
        type,
      })
    );
    store.add(event);
    onEvent(event);
    return event;
  }
}
