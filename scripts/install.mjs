// @ts-check

import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir, runStep } from "./run-step.mjs";

/** @typedef {Record<string, { version?: string, optional?: boolean }>} LockedPackages by their directory */

/**
 * Installs exactly what the lock file says, unless that is what is there.
 * @param {{ signal?: AbortSignal }} [options]
 */
export async function installIfNeeded({ signal } = {}) {
  const wanted = readLock(join(projectDir, "package-lock.json"));
  const modules = join(projectDir, "node_modules");
  // npm notes in here what it has installed, when it is through.
  const present = readLock(join(modules, ".package-lock.json"));
  if (isInstalled(wanted, present)) return;
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error("node_modules is a link to packages that are not up to date: run npm ci where it points to.");
  }
  const command = [...npmCommand(), "ci", "--include=dev", "--no-audit", "--no-fund"];
  await runStep("Installing the packages (a minute or so, only after changes)", command, { signal });
}

/**
 * Optional packages may be absent: most of them are for other systems than this one.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} present
 */
export function isInstalled(wanted, present) {
  return Object.entries(wanted).every(([directory, { version, optional }]) => {
    if (directory === "") return true; // the project itself
    const found = present[directory];
    return found ? found.version === version : optional === true;
  });
}

/**
 * @param {string} path
 * @returns {LockedPackages}
 */
function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}

function npmCommand() {
  const { npm_execpath: npm } = process.env;
  return npm?.endsWith("npm-cli.js") ? [process.execPath, npm] : ["npm"];
}
