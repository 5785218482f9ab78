// @ts-check
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/** @typedef {{ cwd: string, env?: Record<string, string>, logFile: string }} Place */

const STOP_MS = 15_000;
const LOG_TAIL = 2000;

/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * A process of ours that answers calls over its channel.
 * @param {string} file
 * @param {string[]} values
 */
export function startWorker(file, values = []) {
  const child = fork(file, values, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  watch(child);
  let lastId = 0;
  /** @type {(method: string, ...values: unknown[]) => Promise<any>} */
  const call = (method, ...values) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const onExit = () => reject(new Error(`${file} ended while it was at work`));
      const onMessage = (/** @type {any} */ message) => {
        if (message.id !== id) return;
        child.off("message", onMessage);
        child.off("exit", onExit);
        message.error ? reject(new Error(message.error)) : resolve(message.result);
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      child.send({ id, method, values });
    });
  return { pid: pidOf(child), call, stop: () => stopChild(child) };
}

/**
 * A process that serves until it is stopped; what it prints goes to the log file.
 * @param {string[]} command
 * @param {Place} place
 */
export function startServer(command, place) {
  const child = launch(command, place, "file");
  return {
    pid: pidOf(child),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    logTail: () => readFileSync(place.logFile, "utf8").slice(-LOG_TAIL),
    stop: () => stopChild(child),
  };
}

/**
 * Runs a command to its end and gives what it printed.
 * @param {string[]} command
 * @param {Place} place its standard error goes to the log file
 * @param {number} limitMs
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export async function runCommand(command, place, limitMs) {
  const child = launch(command, place, "pipe");
  let output = "";
  child.stdout?.on("data", (bytes) => {
    output += bytes;
  });
  const deadline = setTimeout(() => stopChild(child), limitMs);
  const [code] = await once(child, "close");
  clearTimeout(deadline);
  return { code, output };
}

/** @param {string[]} command @param {Place} place */
export async function runOrFail(command, place, limitMs = 120_000) {
  const { code, output } = await runCommand(command, place, limitMs);
  if (code === 0) return output;
  const log = readFileSync(place.logFile, "utf8").slice(-LOG_TAIL);
  throw new Error(`\`${command.join(" ")}\` ended with code ${code}:\n${output.slice(-LOG_TAIL)}${log}`);
}

/** Ends every process that is still running, the last started first. */
export async function stopChildren() {
  for (const child of [...running].reverse()) await stopChild(child);
}

/** The last resort, for a process that ends without having waited for its children. */
process.on("exit", () => {
  for (const child of running) signalGroup(child, "SIGKILL");
});

/** @param {string[]} command @param {Place} place @param {"file" | "pipe"} output */
function launch([program = "", ...values], { cwd, env, logFile }, output) {
  const log = openSync(logFile, "a");
  const child = spawn(program, values, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", output === "pipe" ? "pipe" : log, log],
  });
  closeSync(log);
  return watch(child);
}

/** @param {ChildProcess} child */
function watch(child) {
  child.on("error", () => {});
  pidOf(child);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** @param {ChildProcess} child */
async function stopChild(child) {
  if (!running.has(child)) return;
  const ended = once(child, "exit");
  signalGroup(child, "SIGTERM");
  const inTime = await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })]);
  if (!inTime) signalGroup(child, "SIGKILL");
  await ended;
}

/** Each child leads a group of its own, so that what it started ends with it. @param {ChildProcess} child @param {"SIGTERM" | "SIGKILL"} signal */
function signalGroup(child, signal) {
  try {
    process.kill(-pidOf(child), signal);
  } catch {
    // Gone already.
  }
}

/** @param {ChildProcess} child */
function pidOf(child) {
  if (child.pid === undefined) throw new Error(`${child.spawnargs.join(" ")} could not be started`);
  return child.pid;
}
