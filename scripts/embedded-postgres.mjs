// @ts-check
// A real Postgres out of node_modules, for the quick start and the tests: nothing to install, nothing to configure.

import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { chooseIdentity, commandAs, findBinaries } from "./postgres-binaries.mjs";
import { initialise, readPassword } from "./postgres-directory.mjs";
import { findRunning, processAt, readPidFile, waitForAnswer } from "./postgres-running.mjs";

/**
 * @typedef {import("./postgres-binaries.mjs").Binaries} Binaries
 * @typedef {import("./postgres-binaries.mjs").Identity} Identity
 * @typedef {object} EmbeddedPostgres
 * @property {string} url superuser connection, with its password
 * @property {boolean} reused it was already running; whoever started it may still need it
 * @property {() => Promise<void>} stop ends it cleanly and waits for the end, also when it was reused
 * @property {Promise<string>} ended says how it ended, whether asked to or not
 */

/**
 * Starts Postgres over `dataDir` (made if missing), or takes the one that already runs there.
 * Without fsync a power cut may lose the data: for tests only.
 * @param {{ dataDir: string, fsync?: boolean, logFile?: string, port?: number }} options without a port: any free one
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startPostgres({
  dataDir: givenDir,
  fsync = true,
  logFile = `${resolve(givenDir)}.log`,
  port: given,
}) {
  fs.mkdirSync(dirname(resolve(givenDir)), { recursive: true });
  fs.mkdirSync(dirname(resolve(logFile)), { recursive: true });
  const dataDir = join(fs.realpathSync(dirname(resolve(givenDir))), basename(givenDir));
  const binaries = await findBinaries();
  const identity = chooseIdentity(dataDir, binaries);
  if (!fs.existsSync(dataDir)) initialise(dataDir, binaries, identity, fsync);
  const password = readPassword(dataDir);

  const running = await findRunning(dataDir, password);
  if (running) return reusedServer(dataDir, running.pid, urlOf(password, running.port), binaries);
  for (let attempt = 1; ; attempt++) {
    const port = given ?? (await freePort());
    const started = await launch({ dataDir, fsync, logFile, port, password, binaries, identity });
    if (typeof started !== "string") return started;
    const portWasTaken = started.includes("could not create any TCP/IP sockets");
    if (!portWasTaken || attempt === 3) throw new Error(`Postgres did not start. Its log ends:\n${started}`);
  }
}

/**
 * Makes an empty database if there is none of that name, and returns its URL.
 * @param {string} url
 * @param {string} name
 */
export async function createDatabase(url, name) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!found) await sql`create database ${sql(name)}`;
  } finally {
    await sql.end();
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/**
 * Returns the server once it answers, or the end of its log when it ended instead.
 * @param {{ dataDir: string, fsync: boolean, logFile: string, port: number, password: string,
 *   binaries: Binaries, identity: Identity }} options
 * @returns {Promise<EmbeddedPostgres | string>}
 */
async function launch({ dataDir, fsync, logFile, port, password, binaries, identity }) {
  const settings = [
    ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "shared_buffers=128MB"],
    ...["timezone=UTC", "log_timezone=UTC"],
    ...(fsync ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
  ];
  const args = ["-D", dataDir, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const command = commandAs(identity, binaries.postgres, args);
  const log = fs.openSync(logFile, "w", 0o600);
  // In a process group of its own, or Ctrl-C in the terminal would end it before those who still write to it.
  const child = spawn(command.file, command.args, {
    ...command.user,
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
  });
  fs.closeSync(log);
  /** @type {Promise<string>} */
  const ended = new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("exit", (code, signal) => done(signal ? `killed by ${signal}` : `exited with code ${code}`));
  });
  const interrupt = () => child.kill("SIGINT");
  process.once("exit", interrupt);
  void ended.then(() => process.off("exit", interrupt));

  const givingUp = new AbortController();
  const failure = ended.then((how) => {
    givingUp.abort();
    return `${fs.readFileSync(logFile, "utf8").slice(-2000)}(${how})`;
  });
  const first = await Promise.race([
    failure,
    waitForAnswer(dataDir, password, { pid: child.pid ?? 0, ended: givingUp.signal }),
  ]);
  if (typeof first === "string") return first;
  const stop = () => stopAndWait({ dataDir, pid: first.pid, ended, binaries });
  return { url: urlOf(password, port), reused: false, stop, ended };
}

/**
 * @param {string} dataDir
 * @param {number} pid
 * @param {string} url
 * @param {Binaries} binaries
 * @returns {EmbeddedPostgres}
 */
function reusedServer(dataDir, pid, url, binaries) {
  const ended = watchUntilGone(dataDir, pid);
  return { url, reused: true, ended, stop: () => stopAndWait({ dataDir, pid, ended, binaries }) };
}

/**
 * It is nobody's child any more, so there is no event to wait for.
 * @param {string} dataDir
 * @param {number} pid
 */
async function watchUntilGone(dataDir, pid) {
  while (processAt(pid) === "postgres" && readPidFile(dataDir)?.pid === pid)
    await sleep(200, undefined, { ref: false });
  return "ended";
}

/** @param {{ dataDir: string, pid: number, ended: Promise<string>, binaries: Binaries }} server */
async function stopAndWait({ dataDir, pid, ended, binaries }) {
  // Its number may by now belong to another one.
  if ((await Promise.race([ended, sleep(0, "running")])) !== "running") return;
  const signals = /** @type {const} */ (["SIGINT", "SIGQUIT"]); // the "fast" and the "immediate" shutdown
  for (const signal of signals) {
    if (process.platform === "win32") {
      spawnSync(binaries.pg_ctl, ["stop", "-D", dataDir, "-m", signal === "SIGINT" ? "fast" : "immediate"]);
    } else if (processAt(pid) === "postgres") {
      process.kill(pid, signal);
    }
    const timer = new AbortController();
    const timeout = sleep(signal === "SIGINT" ? 30_000 : 5_000, "late", timer).catch(() => "late");
    const outcome = await Promise.race([ended, timeout]);
    timer.abort();
    if (outcome !== "late") return;
  }
  throw new Error(`Postgres (process ${pid}, ${dataDir}) does not stop.`);
}

/** @param {string} password @param {number} port */
const urlOf = (password, port) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}
