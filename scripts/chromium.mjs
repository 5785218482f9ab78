// @ts-check
// The browser of the browser tests: found where it usually is, or installed where we may.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * What CHROMIUM_PATH names, the system's, or Playwright's own; undefined where there is none.
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [playwrightsOwn]
 */
export function findChromium(env = process.env, playwrightsOwn = chromium.executablePath()) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const directories = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const installed = directories.flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return [...installed, playwrightsOwn].find((path) => existsSync(path));
}

/** On Debian and its kin, and as root, an absent one is installed. */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found || !existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return found;
  console.log("There is no Chromium: installing Debian's.");
  aptGet("update");
  aptGet("install", "-y", "--no-install-recommends", "chromium");
  return findChromium();
}

/** @param {string[]} args */
const aptGet = (...args) =>
  spawnSync("/usr/bin/apt-get", ["-q", ...args], {
    stdio: "inherit",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
