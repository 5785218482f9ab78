// @ts-check
import { setTimeout as delay } from "node:timers/promises";
import { faultOf } from "./answer-check.mjs";
import { openConnection } from "./http-connection.mjs";
import { requestBytes } from "./request-bytes.mjs";

/** @typedef {import("./http-connection.mjs").Connection} Connection */
/**
 * So many requests over so many connections, each connection sending its next request when it has its answer. With a
 * `rampMs` the connections begin one after the other over that time; after `limitMs` everything is cut off.
 * @typedef {{
 *   call: import("./request-bytes.mjs").Call, expected: import("./answer-check.mjs").Expected,
 *   connections: number, requests: number, rampMs?: number, limitMs: number,
 * }} Load
 */
/**
 * Times in milliseconds, of right answers alone; `faults` counts the others by what was wrong with them.
 * @typedef {{ sent: number, totals: number[], firstBytes: number[], faults: Record<string, number>, seconds: number }} Driven
 */

/**
 * @param {Load} load
 * @param {() => void} [onStart] called when all connections are open and nothing has been sent
 * @returns {Promise<Driven>}
 */
export async function drive(load, onStart) {
  const { address, bytes } = requestBytes(load.call);
  const count = Math.min(load.connections, load.requests);
  const state = { left: load.requests, expired: false };
  /** @type {(Connection | undefined)[]} */
  const connections = await Promise.all(
    Array.from({ length: count }, () => openConnection(address).catch(() => undefined)),
  );
  /** @type {Driven} */
  const driven = { sent: 0, totals: [], firstBytes: [], faults: {}, seconds: 0 };

  onStart?.();
  const started = performance.now();
  const deadline = setTimeout(() => {
    state.expired = true;
    for (const connection of connections) connection?.close(`cut off after ${load.limitMs} ms`);
  }, load.limitMs);
  await Promise.all(connections.map((_, index) => driveConnection(index)));
  clearTimeout(deadline);
  driven.seconds = (performance.now() - started) / 1000;
  for (const connection of connections) connection?.close("the run is over");
  return driven;

  /** @param {number} index */
  async function driveConnection(index) {
    if (load.rampMs) await delay((load.rampMs * index) / count);
    while (state.left > 0 && !state.expired) {
      state.left--;
      await sendOne(index).catch((error) => note(String(error.message)));
    }
  }

  /** @param {number} index */
  async function sendOne(index) {
    const present = connections[index];
    const connection = present?.isOpen() ? present : await openConnection(address);
    connections[index] = connection;
    driven.sent++;
    const answer = await connection.exchange(bytes);
    const fault = faultOf(answer, load.expected);
    if (fault) return note(fault);
    driven.totals.push(answer.totalMs);
    driven.firstBytes.push(answer.firstByteMs);
  }

  /** @param {string} fault */
  function note(fault) {
    driven.faults[fault] = (driven.faults[fault] ?? 0) + 1;
  }
}
