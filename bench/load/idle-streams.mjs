// @ts-check
import { setTimeout as delay } from "node:timers/promises";
import { canMeasure, processTree, residentKilobytes } from "../process-usage.mjs";
import { openConnection } from "./http-connection.mjs";
import { requestBytes } from "./request-bytes.mjs";

/** @typedef {import("./http-connection.mjs").Connection} Connection */
/** @typedef {{ call: import("./request-bytes.mjs").Call, streams: number, limitMs: number, quietMs: number }} IdleLoad */
/** @typedef {{ sent: number, open: number, errors: number, kilobytesPerStream?: number, baseMegabytes?: number }} IdleMeasured */

const BATCH = 20;
const BATCH_PAUSE_MS = 20;
const SAMPLES = 5;

/**
 * Opens many streams that send one piece and then nothing, weighs the process, and leaves them all at once. An error is
 * a stream that did not start or did not stay open.
 * @param {IdleLoad} load
 * @param {number | undefined} pid
 * @returns {Promise<IdleMeasured>}
 */
export async function measureIdleStreams(load, pid) {
  const { address, bytes } = requestBytes(load.call);
  /** @type {Connection[]} */
  const connections = [];
  /** @type {Set<number>} */
  const open = new Set();
  let failed = 0;
  const before = await weigh(pid, load.quietMs);
  for (let index = 0; index < load.streams; index++) {
    openStream(index)
      .catch(() => failed++)
      .finally(() => open.delete(index));
    if (index % BATCH === BATCH - 1) await delay(BATCH_PAUSE_MS);
  }
  const deadline = performance.now() + load.limitMs;
  while (open.size + failed < load.streams && performance.now() < deadline) await delay(50);
  await delay(load.quietMs);
  const after = await weigh(pid, load.quietMs);
  const stayed = open.size;
  for (const connection of connections) connection.close("left, as planned");
  return {
    sent: connections.length,
    open: stayed,
    errors: load.streams - stayed,
    kilobytesPerStream: after && before && stayed > 0 ? (after - before) / stayed : undefined,
    baseMegabytes: before && before / 1024,
  };

  /** @param {number} index */
  async function openStream(index) {
    const connection = await openConnection(address);
    connections.push(connection);
    await connection.exchange(bytes, () => open.add(index));
    failed++;
  }
}

/** The median of some samples, since a collection of garbage moves a single one. */
/** @type {(pid: number | undefined, overMs: number) => Promise<number | undefined>} */
async function weigh(pid, overMs) {
  if (!canMeasure || pid === undefined) return undefined;
  const samples = [];
  for (let index = 0; index < SAMPLES; index++) {
    samples.push(residentKilobytes(processTree(pid)));
    await delay(overMs / SAMPLES);
  }
  return samples.sort((a, b) => a - b)[Math.floor(SAMPLES / 2)];
}
