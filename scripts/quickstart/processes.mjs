// @ts-check
// The long-running processes of the quick start: started with a log each, stopped in the opposite order.

import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endGroup, projectDir } from "../run-step.mjs";

const STOP_PATIENCE_MS = 20_000;
const TAIL_LINES = 25;

/**
 * @typedef {object} Running
 * @property {string} name
 * @property {Promise<string>} ended says how
 * @property {() => Promise<void>} stop
 * @property {() => void} kill at once
 * @property {string} [logFile]
 */

/**
 * Holds what runs for us. When one of them ends without having been asked to, `onLoss` is told why.
 * @param {(reason: string) => void} onLoss
 */
export function holdRunning(onLoss) {
  /** @type {Running[]} */
  const running = [];
  let stopping = false;
  return {
    /** @template {Running} T @param {T} added @returns {T} */
    add(added) {
      running.unshift(added);
      added.ended.then((how) => {
        if (!stopping) onLoss(`${added.name} ended (${how}).${tailOf(added.logFile)}`);
      });
      return added;
    },
    async stopAll() {
      stopping = true;
      for (const { name, stop } of running) {
        await stop().catch((error) => console.error(`${name}: ${error instanceof Error ? error.message : error}`));
      }
    },
    killAll() {
      for (const { kill } of running) kill();
    },
  };
}

/**
 * Starts a Node program that ends when its channel to us closes, so that none survives us.
 * @param {{ name: string, args: string[], env: NodeJS.ProcessEnv, logFile?: string }} options
 *   without a log file it writes to our terminal
 * @returns {Running & { child: import("node:child_process").ChildProcess }}
 */
export function startProgram({ name, args, env, logFile }) {
  if (logFile) mkdirSync(dirname(logFile), { recursive: true });
  const output = logFile ? openSync(logFile, "w", 0o600) : "inherit";
  // In a process group of its own: Ctrl-C in the terminal reaches us alone, and we stop the rest in order.
  const child = spawn(process.execPath, args, {
    cwd: projectDir,
    env,
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
  });
  if (typeof output === "number") closeSync(output);
  /** @type {Promise<string>} */
  const ended = new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("exit", (code, signal) => done(signal ? `killed by ${signal}` : `exit code ${code}`));
  });
  const kill = () => endGroup(child, "SIGKILL");
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = new AbortController();
    await Promise.race([ended, sleep(STOP_PATIENCE_MS, undefined, timer).catch(() => {})]);
    timer.abort();
    kill();
    await ended;
  };
  return { name, child, ended, stop, kill, logFile };
}

/**
 * @param {string} [logFile]
 * @returns {string}
 */
function tailOf(logFile) {
  if (!logFile || !existsSync(logFile)) return "";
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-TAIL_LINES);
  return ` The end of ${logFile}:\n\n${lines.join("\n")}\n`;
}
