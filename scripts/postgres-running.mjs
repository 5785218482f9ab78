// @ts-check
// Tells whether a Postgres runs over a data directory, and never believes a port number alone.

import { readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

const PATIENCE_MS = 5000;
const RECOVERY_PATIENCE_MS = 60_000;
const STARTING_UP = "57P03"; // Postgres' own code, also while it recovers from a crash

/**
 * @typedef {{ pid: number, port: number }} RunningServer
 * @typedef {{ directory?: string, error?: string, isStarting?: boolean }} Answer
 */

/**
 * The server that already runs over `dataDir`, once it answers; undefined when there is none.
 * @param {string} dataDir
 * @param {string} password
 * @returns {Promise<RunningServer | undefined>}
 */
export async function findRunning(dataDir, password) {
  const server = readPidFile(dataDir);
  if (!server) return undefined;
  const holder = processAt(server.pid);
  if (holder === "postgres") return waitForAnswer(dataDir, password);
  // A killed server leaves its file behind. Postgres sees through that, except when the number has since gone to
  // another process: then it would refuse to start until somebody removes the file.
  if (holder === "other") rmSync(pidFile(dataDir), { force: true });
  return undefined;
}

/**
 * Waits until the server over `dataDir` accepts our password and says that this is its directory.
 * @param {string} dataDir
 * @param {string} password
 * @param {{ pid: number, ended: AbortSignal }} [launched] by ourselves, just now
 * @returns {Promise<RunningServer>}
 */
export async function waitForAnswer(dataDir, password, launched) {
  const start = Date.now();
  for (;;) {
    const server = readPidFile(dataDir);
    const isOurs = server !== undefined && (!launched || launched.pid === server.pid);
    const answer = isOurs ? await askForDirectory(server.port, password) : { error: "it has not come up" };
    if (server && answer.directory && realpathSync(answer.directory) === realpathSync(dataDir)) return server;
    const isRecent = Date.now() - start < (launched || answer.isStarting ? RECOVERY_PATIENCE_MS : PATIENCE_MS);
    if (answer.directory || !isRecent || launched?.ended.aborted) throw new Error(notUsable(dataDir, server, answer));
    await sleep(50);
  }
}

/**
 * What postmaster.pid says.
 * @param {string} dataDir
 * @returns {RunningServer | undefined}
 */
export function readPidFile(dataDir) {
  const [pid, , , port] = readIfThere(pidFile(dataDir)).split("\n");
  return Number(pid) > 0 && Number(port) > 0 ? { pid: Number(pid), port: Number(port) } : undefined;
}

/**
 * @param {number} pid
 * @returns {"postgres" | "other" | "none"} on systems without /proc every live process passes for a Postgres
 */
export function processAt(pid) {
  if (process.platform === "linux") {
    const [, name, state] = /\((.*)\) (\w)/.exec(readIfThere(`/proc/${pid}/stat`)) ?? [];
    if (!state) return "none";
    return name === "postgres" && state !== "Z" ? "postgres" : "other";
  }
  try {
    process.kill(pid, 0);
    return "postgres";
  } catch (error) {
    return codeOf(error) === "EPERM" ? "postgres" : "none";
  }
}

/**
 * @param {number} port
 * @param {string} password
 * @returns {Promise<Answer>}
 */
async function askForDirectory(port, password) {
  const sql = postgres({
    ...{ host: "127.0.0.1", port, username: "postgres", password, database: "postgres" },
    ...{ max: 1, connect_timeout: 5, onnotice: () => {} },
  });
  try {
    const [row] = await sql`show data_directory`;
    return { directory: row?.data_directory };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), isStarting: codeOf(error) === STARTING_UP };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/**
 * @param {string} dataDir
 * @param {RunningServer | undefined} server
 * @param {Answer} answer
 */
function notUsable(dataDir, server, answer) {
  const reason = answer.directory ? `what answers is the server of ${answer.directory}` : answer.error;
  return (
    `The Postgres of ${dataDir} (process ${server?.pid ?? "unknown"}) cannot be used on port ` +
    `${server?.port ?? "unknown"}: ${reason}. End that process, then start again.`
  );
}

/** @param {string} dataDir */
const pidFile = (dataDir) => join(dataDir, "postmaster.pid");

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return "";
    throw error;
  }
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
