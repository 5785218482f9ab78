// @ts-check
// Two quick starts in one directory would share a database and stop it under each other.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Notes in `file` that this process runs here, until it exits.
 * @param {string} file
 * @param {string} url
 * @throws when another one runs here
 */
export function claimDirectory(file, url) {
  const other = readClaim(file);
  if (other && isQuickstart(other.pid)) {
    throw new Error(
      `The quick start already runs in this directory (process ${other.pid}): ${other.url}\n` +
        `Stop it with Ctrl-C where it runs, or with: kill ${other.pid}`,
    );
  }
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, url }), { flag: "wx", mode: 0o600 });
  process.once("exit", () => rmSync(file, { force: true }));
}

/**
 * @param {string} file
 * @returns {{ pid: number, url: string } | undefined}
 */
function readClaim(file) {
  if (!existsSync(file)) return undefined;
  try {
    const claim = JSON.parse(readFileSync(file, "utf8"));
    return Number.isInteger(claim?.pid) ? claim : undefined;
  } catch {
    return undefined; // half written by one that was killed
  }
}

/**
 * The number of a killed quick start may by now belong to another program.
 * @param {number} pid
 */
function isQuickstart(pid) {
  if (process.platform === "linux") {
    const commandLine = `/proc/${pid}/cmdline`;
    return existsSync(commandLine) && readFileSync(commandLine, "utf8").includes("quickstart");
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
