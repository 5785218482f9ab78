// @ts-check
// `npm test`: everything that has to hold, from a fresh clone on. `npm test -- unit api` runs the named steps only.

import { spawnSync } from "node:child_process";
import { buildIfNeeded } from "./build.mjs";
import { installIfNeeded } from "./install.mjs";
import { requireNode } from "./require-node.mjs";
import { binaryOf, projectDir, StepFailed, secondsSince } from "./run-step.mjs";

/** @type {Record<string, () => void | Promise<void>>} */
const steps = {
  lint: () => show([...binaryOf("@biomejs/biome"), "check", "--error-on-warnings", "."]),
  types: () => {
    show([...binaryOf("next"), "typegen"]);
    show([...binaryOf("typescript", "tsc"), "--noEmit"]);
  },
  unit: () => show([...binaryOf("vitest"), "run", "--project", "unit"]),
  build: () => buildIfNeeded(),
  api: () => show([...binaryOf("vitest"), "run", "--project", "api"]),
  browser,
  long: () => show([...binaryOf("vitest"), "run", "--project", "long"]),
};
/** Takes half an hour: runs when it is named. */
const onlyWhenNamed = new Set(["long"]);

requireNode();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(", ")}. The steps: ${Object.keys(steps).join(", ")}.`);
  process.exit(1);
}

const start = Date.now();
let running = "install";
try {
  await installIfNeeded();
  for (const [name, run] of Object.entries(steps)) {
    if (named.length > 0 ? !named.includes(name) : onlyWhenNamed.has(name)) continue;
    const stepStart = Date.now();
    console.log(`\n== ${name}`);
    running = name;
    await run();
    console.log(`== ${name} passed in ${secondsSince(stepStart)}`);
  }
  console.log(`\nAll passed in ${secondsSince(start)}.`);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(`\nFailed in ${running} after ${secondsSince(start)}: ${error.message}`);
  process.exit(1);
}

/** Its packages are imported only here: this file starts before they are installed. */
async function browser() {
  const { findOrInstallChromium } = await import("./chromium.mjs");
  if (findOrInstallChromium()) return show([...binaryOf("vitest"), "run", "--project", "browser"]);
  const absent = "There is no Chromium, and it cannot be installed from here. Name one by CHROMIUM_PATH.";
  if (process.env.CI) throw new StepFailed(absent);
  console.error(`\n!! THE BROWSER TESTS DID NOT RUN. ${absent}\n`);
}

/** @param {string[]} command */
function show([file = "", ...args]) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const { status, signal, error } = spawnSync(file, args, { cwd: projectDir, env, stdio: "inherit" });
  if (status !== 0) throw new StepFailed(error?.message ?? signal ?? `exit code ${status}`);
}
