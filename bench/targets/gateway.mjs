// @ts-check
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startPostgres } from "../../scripts/embedded-postgres.mjs";
import { readPidFile } from "../../scripts/postgres-running.mjs";
import { runCommand, runOrFail } from "../children.mjs";
import { startApp } from "./app-process.mjs";

/** @typedef {Awaited<ReturnType<typeof startGateway>>} Gateway */

const ROOT = join(import.meta.dirname, "../..");
const BUILD_LIMIT_MS = 600_000;
const EMAIL = "bench@localhost";
const CREDITS_USD = "1000000";

/**
 * The real gateway over a fresh Postgres, which writes to the disk as in production: what the books cost is in the
 * figures.
 * @param {string} upstreamUrl
 * @param {{ build: boolean, profile?: string, atEnd: (cleanup: () => Promise<void>) => void }} options `atEnd` takes what must be undone
 *   when the processes have ended, in the order in which it was done
 */
export async function startGateway(upstreamUrl, { build, profile, atEnd }) {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  if (build) {
    const place = { cwd: ROOT, logFile: join(directory, "build.log") };
    await runOrFail([process.execPath, "bench/processes/build-app.mjs"], place, BUILD_LIMIT_MS);
  }
  const dataDir = join(directory, "postgres");
  const postgres = await startPostgres({ dataDir, fsync: true });
  atEnd(() => postgres.stop());
  const place = { cwd: ROOT, env: settings(postgres.url, upstreamUrl), logFile: join(directory, "app.log") };
  await runOrFail([join(ROOT, "node_modules/.bin/tsx"), "scripts/prepare.ts", "--no-demo"], place);
  const password = randomBytes(16).toString("hex");
  await admin(place, "user", "create", "--email", EMAIL, "--password", password, "--credits", CREDITS_USD);
  const { key } = await admin(place, "key", "create", "--user", EMAIL);
  const nodeOptions = profile ? ["--cpu-prof", `--cpu-prof-dir=${resolve(profile)}`] : [];
  let app = await startApp(place, nodeOptions);

  return {
    databaseUrl: postgres.url,
    key: String(key),
    url: () => app.url,
    pid: () => app.pid,
    databasePid: readPidFile(dataDir)?.pid,
    startMs: () => app.startMs,
    restart: async () => {
      await app.stop();
      app = await startApp(place, nodeOptions);
    },
    /** The operator's own check of the books. */
    checkMoney: () => runCommand(["npm", "run", "-s", "admin", "--", "money", "check", "--json"], place, 120_000),
  };
}

/** @param {string} databaseUrl @param {string} upstreamUrl @returns {Record<string, string>} */
function settings(databaseUrl, upstreamUrl) {
  return {
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    APP_SECRET: randomBytes(32).toString("hex"),
    OPENAI_API_KEY: "bench",
    OPENAI_BASE_URL: `${upstreamUrl}/v1`,
    ANTHROPIC_API_KEY: "bench",
    ANTHROPIC_BASE_URL: upstreamUrl,
    GOOGLE_API_KEY: "bench",
    GOOGLE_GEMINI_BASE_URL: upstreamUrl,
  };
}

/** @param {import("../children.mjs").Place} place @param {string[]} words */
async function admin(place, ...words) {
  const output = await runOrFail(["npm", "run", "-s", "admin", "--", ...words, "--json"], place);
  return JSON.parse(output);
}
