// @ts-check

import { readFileSync } from "node:fs";

/** Ends the process, in words, when this Node is older than package.json asks for. */
export function requireNode() {
  const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const wanted = numbersOf(engines.node);
  const present = numbersOf(process.versions.node);
  const isOlder = present[0] < wanted[0] || (present[0] === wanted[0] && present[1] < wanted[1]);
  if (!isOlder) return;
  console.error(`This needs Node ${wanted.join(".")} or newer, and this is Node ${process.versions.node}.`);
  process.exit(1);
}

/**
 * @param {string} version
 * @returns {[major: number, minor: number]}
 */
function numbersOf(version) {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) || [];
  return [Number(major), Number(minor)];
}
