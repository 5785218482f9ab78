// @ts-check
// `npm run quickstart`: from a fresh clone to a running router, with nothing else installed than Node.
// Packages are not there yet when this file starts: it imports none, and those that need them only after the install.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildIfNeeded } from "./build.mjs";
import { installIfNeeded } from "./install.mjs";
import { addressFrom, requireFree } from "./quickstart/address.mjs";
import { keptSecret } from "./quickstart/app-secret.mjs";
import { claimDirectory } from "./quickstart/one-at-a-time.mjs";
import { paymentsFrom, stripeSecrets } from "./quickstart/payments.mjs";
import { holdRunning, startProgram } from "./quickstart/processes.mjs";
import { sortProviders, standInVariables } from "./quickstart/providers.mjs";
import { welcome } from "./quickstart/welcome.mjs";
import { requireNode } from "./require-node.mjs";
import { binaryOf, endingWithUs, projectDir, runStep, StepFailed, secondsSince } from "./run-step.mjs";

const READY_PATIENCE_MS = 120_000;
const STEP_PATIENCE_MS = 10_000;

const start = Date.now();
const isDev = process.argv.includes("--dev");
const dataDir = join(projectDir, ".data");
const logFile = (/** @type {string} */ name) => join(dataDir, "log", `${name}.log`);
const cancelled = new AbortController();
const running = holdRunning((reason) => void finish(1, reason));

const story = main();
story.catch((error) => {
  // A failed step has told its story already; a bug in here shows where it is.
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  void finish(1, error instanceof StepFailed ? "" : isBug ? error.stack : String(error?.message ?? error));
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void finish(0));

async function main() {
  requireNode();
  if (existsSync(join(projectDir, ".env"))) process.loadEnvFile(join(projectDir, ".env"));
  const address = addressFrom(process.env);
  mkdirSync(dataDir, { recursive: true });
  claimDirectory(join(dataDir, "quickstart.json"), address.url);
  await requireFree(address);

  await installIfNeeded({ signal: cancelled.signal });
  const ownDatabase = Boolean(process.env.DATABASE_URL);
  const { real, madeUp } = sortProviders(process.env);
  const payments = paymentsFrom(process.env);
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    NODE_ENV: isDev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOST: address.host,
    PORT: String(address.port),
    DRAIN_SECONDS: process.env.DRAIN_SECONDS || "10",
    DATABASE_URL: process.env.DATABASE_URL || (await startDatabase()),
    APP_SECRET: process.env.APP_SECRET || keptSecret(join(dataDir, "app-secret")),
    ...(madeUp.length > 0 && standInVariables(madeUp, await startStandIns())),
    ...(payments === "stand-in" && (await startStripeStandIn(address.url))),
  };
  if (!isDev) await buildIfNeeded({ signal: cancelled.signal });
  const prepared = await prepareDatabase(env, ownDatabase);

  await startServer(env, address);
  console.log(welcome({ address, ...prepared, real, madeUp, payments, ownDatabase, took: secondsSince(start) }));
}

async function startDatabase() {
  const { startPostgres } = await import("./embedded-postgres.mjs");
  process.stdout.write("Starting Postgres ... ");
  const began = Date.now();
  const database = await startPostgres({ dataDir: join(dataDir, "postgres"), logFile: logFile("postgres") });
  console.log(`${secondsSince(began)}${database.reused ? " (it still ran)" : ""}`);
  running.add({ name: "Postgres", ...database, kill: () => {}, logFile: logFile("postgres") });
  return database.url;
}

/** @returns {Promise<Record<"openai" | "anthropic" | "google", string>>} their base URLs */
function startStandIns() {
  const args = [join("scripts", "stand-ins", "main.mjs")];
  return firstMessage({ name: "The stand-ins", args, env: process.env, logFile: logFile("stand-ins") });
}

/**
 * @param {string} appUrl
 * @returns {Promise<Record<string, string>>} the variables that send the app to it
 */
async function startStripeStandIn(appUrl) {
  const secrets = stripeSecrets();
  const stateFile = join(dataDir, "stripe-stand-in.json");
  const args = [join("scripts", "stand-ins", "stripe", "main.mjs"), `${appUrl}/api/stripe/webhook`, stateFile];
  const env = { ...process.env, ...secrets };
  const { url } = await firstMessage({ name: "The Stripe stand-in", args, env, logFile: logFile("stripe-stand-in") });
  return { ...secrets, STRIPE_API_URL: url };
}

/**
 * Starts a program and waits for what it has to tell.
 * @param {Parameters<typeof startProgram>[0]} program
 * @returns {Promise<any>}
 */
function firstMessage(program) {
  const { child } = running.add(startProgram(program));
  return new Promise((done, fail) => {
    child.once("message", done);
    child.once("exit", () => fail(new StepFailed(`${program.name} did not start`)));
  });
}

/**
 * Brings the tables up to date and, in a database of our own, makes a user to try things with.
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} ownDatabase
 * @returns {Promise<{ apiKey?: string, email?: string, password?: string, setupLink?: string }>}
 */
async function prepareDatabase(env, ownDatabase) {
  const program = [process.execPath, "--import", "tsx", join("scripts", "prepare.ts")];
  const command = ownDatabase ? [...program, "--no-demo"] : program;
  const output = await runStep("Preparing the database", command, { env, signal: cancelled.signal });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {import("./quickstart/address.mjs").Address} address
 */
async function startServer(env, { host, port, url }) {
  const nextDev = [binaryOf("next")[1] ?? "", "dev", "-H", host, "-p", String(port)];
  running.add(
    isDev
      ? startProgram({ name: "next dev", args: nextDev, env: endingWithUs(env) })
      : startProgram({ name: "The server", args: ["server.mjs"], env, logFile: logFile("server") }),
  );
  const deadline = Date.now() + READY_PATIENCE_MS;
  for (;;) {
    const ready = await fetch(`${url}/api/ready`, { signal: cancelled.signal }).catch(() => undefined);
    if (ready?.status === 200) return;
    if (Date.now() > deadline) {
      const answer = ready ? `answers ${ready.status}: ${await ready.text()}` : "does not answer";
      throw new Error(`The server did not get ready: ${url}/api/ready ${answer}`);
    }
    await sleep(100, undefined, { signal: cancelled.signal });
  }
}

/**
 * Stops everything in order, then leaves. Asked a second time it no longer waits.
 * @param {0 | 1} code
 * @param {string} [reason]
 */
async function finish(code, reason) {
  if (cancelled.signal.aborted) {
    if (code !== 0) return; // the consequence of being stopped, not the cause
    running.killAll();
    process.exit(1);
  }
  if (reason) console.error(`\n${reason}`);
  else if (code === 0) console.log("\nStopping (Ctrl-C again: at once) ...");
  cancelled.abort();
  await Promise.race([story.catch(() => {}), sleep(STEP_PATIENCE_MS)]);
  await running.stopAll();
  process.exit(code);
}
