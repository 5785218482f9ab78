// @ts-check
import { setTimeout as delay } from "node:timers/promises";
import { canMeasure, cpuNanoseconds, processTree, resetPeakMemory, residentKilobytes } from "../process-usage.mjs";
import { drive } from "./drive.mjs";

/** The processes whose CPU and memory are charged to a run: the gateway's own, and its database's apart. */
/** @typedef {{ target?: number, database?: number }} Charged */
/**
 * What one run gave; a figure that could not be measured is undefined.
 * @typedef {{
 *   sent: number, errors: number, faults: Record<string, number>, perSecond?: number,
 *   totalP50?: number, totalP99?: number, firstByteP50?: number, firstByteP99?: number,
 *   cpuPerRequest?: number, cpuPerPiece?: number, databaseCpuPerRequest?: number, peakMegabytes?: number,
 * }} Measured
 */

/** So long the work that a target does after its last answer (settling, logging) still counts. */
const AFTERMATH_MS = 150;

/**
 * Drives one load and measures what it cost. CPU in microseconds, memory in megabytes, times in milliseconds.
 * @param {import("./drive.mjs").Load} load
 * @param {Charged} charged
 * @returns {Promise<Measured>}
 */
export async function measureLoad(load, charged) {
  const target = startMeter(charged.target);
  const database = startMeter(charged.database);
  const driven = await drive(load, () => {
    target.reset();
    database.reset();
  });
  await delay(AFTERMATH_MS);
  const right = driven.totals.length;
  const totals = driven.totals.sort((a, b) => a - b);
  const firstBytes = driven.firstBytes.sort((a, b) => a - b);
  const cpuPerRequest = target.cpuMicroseconds(right);
  return {
    sent: driven.sent,
    errors: load.requests - right,
    faults: driven.faults,
    perSecond: right > 0 ? right / driven.seconds : undefined,
    totalP50: percentile(totals, 0.5),
    totalP99: percentile(totals, 0.99),
    firstByteP50: percentile(firstBytes, 0.5),
    firstByteP99: percentile(firstBytes, 0.99),
    cpuPerRequest,
    cpuPerPiece: load.expected.stream && cpuPerRequest ? cpuPerRequest / load.expected.pieces : undefined,
    databaseCpuPerRequest: database.cpuMicroseconds(right),
    peakMegabytes: target.peakMegabytes(),
  };
}

/** Nearest rank. @type {(sorted: number[], share: number) => number | undefined} */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** @param {number | undefined} root the process whose tree is measured */
function startMeter(root) {
  if (!canMeasure || root === undefined) {
    return { reset: () => {}, cpuMicroseconds: () => undefined, peakMegabytes: () => undefined };
  }
  let before = 0;
  return {
    reset: () => {
      const pids = processTree(root);
      resetPeakMemory(pids);
      before = cpuNanoseconds(pids);
    },
    /** @param {number} requests */
    cpuMicroseconds: (requests) =>
      requests > 0 ? (cpuNanoseconds(processTree(root)) - before) / 1000 / requests : undefined,
    peakMegabytes: () => residentKilobytes(processTree(root), "VmHWM") / 1024,
  };
}
