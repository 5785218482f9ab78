// @ts-check
// Runs one step of several: quiet while it goes well, everything it said when it does not.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PATIENCE_MS = 3000;

export const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** A failure that has already been told in full on the terminal. */
export class StepFailed extends Error {
  /** @override */
  name = "StepFailed";
}

/**
 * Prints the title, then the seconds it took. What the step itself says is only shown when it fails.
 * @param {string} title
 * @param {string[]} command a Node program
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal }} [options]
 * @returns {Promise<string>} its standard output
 * @throws {StepFailed}
 */
export async function runStep(title, [file = "", ...args], { env = process.env, signal } = {}) {
  signal?.throwIfAborted();
  process.stdout.write(`${title} ... `);
  const start = Date.now();
  const child = spawn(file, args, {
    cwd: projectDir,
    env: endingWithUs(env),
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let [output, everything] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    output += text;
    everything += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    everything += text;
  });
  signal?.addEventListener("abort", () => endGroup(child), { once: true });
  const end = await new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, killedBy) => done(code === 0 ? "" : `ended by ${killedBy ?? `exit code ${code}`}`));
  });
  if (end === "") {
    console.log(secondsSince(start));
    return output;
  }
  if (!signal?.aborted) console.log(`failed after ${secondsSince(start)} (${end})\n\n${everything.trimEnd()}\n`);
  throw new StepFailed(`${title}: ${end}`);
}

/**
 * The environment in which a Node program ends when its channel to us closes, and so with us, however we end.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function endingWithUs(env) {
  const preload = `--import ${new URL("end-with-parent.mjs", import.meta.url).href}`;
  return { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} ${preload}`.trim(), END_WITH_PARENT: "1" };
}

/**
 * Ends a detached child with all it has started.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} [signal] SIGKILL follows, if that was not it
 */
export function endGroup(child, signal = "SIGTERM") {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    return; // Nobody is left in its group, which is what was wanted.
  }
  if (signal !== "SIGKILL") setTimeout(() => endGroup(child, "SIGKILL"), PATIENCE_MS);
}

/**
 * The command that runs a program out of node_modules with this very Node.
 * @param {string} packageName
 * @param {string} [program] where a package has several
 */
export function binaryOf(packageName, program) {
  const manifestPath = join(projectDir, "node_modules", packageName, "package.json");
  /** @type {{ bin: string | Record<string, string> }} */
  const { bin } = createRequire(import.meta.url)(manifestPath);
  const path = typeof bin === "string" ? bin : bin[program ?? packageName.split("/").at(-1) ?? ""];
  if (!path) throw new Error(`${packageName} has no program ${program ?? "of its own name"}.`);
  return [process.execPath, join(dirname(manifestPath), path)];
}

/** @param {number} start */
export const secondsSince = (start) => `${((Date.now() - start) / 1000).toFixed(1)} s`;
