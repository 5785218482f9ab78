// @ts-check
// What exists survives a restart in a file, which is replaced as a whole.

import { readFileSync, renameSync, writeFileSync } from "node:fs";

/**
 * @param {string} file
 * @param {import("./world.mjs").World} world
 */
export function saveState(file, world) {
  const text = JSON.stringify({ url: world.url, ...world.store.dump(world.nowMs()) });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Addresses inside the objects are put right when the stand-in now listens elsewhere.
 * @param {string} file
 * @param {import("./world.mjs").World} world
 */
export function loadState(file, world) {
  const found = stateIn(file);
  if (!found) return;
  const text = JSON.stringify(found).replaceAll(JSON.stringify(`${found.url}/`).slice(1, -1), `${world.url}/`);
  world.store.restore(JSON.parse(text));
}

/** The port it listened on last, to be asked for again: links to receipts were given out. @param {string} file */
export const portIn = (file) => Number(new URL(stateIn(file)?.url ?? "http://127.0.0.1:0").port);

/** @param {string} file @returns {any} undefined where there is none that can be read */
function stateIn(file) {
  try {
    const state = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(state.objects) && typeof state.url === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}
