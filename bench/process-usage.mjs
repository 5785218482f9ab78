// @ts-check
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** CPU time and memory are read from /proc, which only Linux has. */
export const canMeasure = process.platform === "linux";

/**
 * A process and all its descendants, as they are now.
 * @param {number} root
 */
export function processTree(root) {
  const pids = [root];
  for (const pid of pids) {
    for (const task of tasksOf(pid)) pids.push(...numbersIn(read(`${task}/children`)));
  }
  return pids;
}

/**
 * CPU nanoseconds used so far by every thread of the processes: exact, where `stat` counts in ticks of 10 ms.
 * @param {number[]} pids
 */
export function cpuNanoseconds(pids) {
  let total = 0;
  for (const task of pids.flatMap(tasksOf)) total += numbersIn(read(`${task}/schedstat`))[0] ?? 0;
  return total;
}

/**
 * Kilobytes of resident memory, summed over the processes.
 * @param {number[]} pids
 * @param {"VmRSS" | "VmHWM"} field now, or the peak since `resetPeakMemory`
 */
export function residentKilobytes(pids, field = "VmRSS") {
  let total = 0;
  for (const pid of pids)
    total += Number(new RegExp(`${field}:\\s+(\\d+)`).exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return total;
}

/** @param {number[]} pids */
export function resetPeakMemory(pids) {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, "5");
    } catch {
      // Another user's process: its peak then covers its whole life, which overstates and never flatters.
    }
  }
}

/** @param {number} pid */
function tasksOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
  } catch {
    return [];
  }
}

/** Empty when the process has gone in the meantime. @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} text */
const numbersIn = (text) => text.split(/\s+/).filter(Boolean).map(Number);
