// @ts-check
// The encoding of parameters: `line_items[0][price_data][currency]=usd`, in bodies and in query strings alike.

import { invalid } from "./problem.mjs";

const DEEPEST = 10;

/** @typedef {Record<string, any>} Params strings at the leaves; an empty one means "unset" */

/**
 * @param {string} text
 * @returns {Params}
 * @throws {import("./problem.mjs").Problem} where a name cannot be read
 */
export function decodeForm(text) {
  const root = record();
  for (const [name, value] of new URLSearchParams(text)) place(root, pathOf(name), value, name);
  return /** @type {Params} */ (withArrays(root));
}

/** @param {string} name */
function pathOf(name) {
  const [, head = "", tail = ""] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  const path = [head, ...Array.from(tail.matchAll(/\[([^[\]]*)\]/g), ([, part = ""]) => part)];
  if (!head || path.length > DEEPEST) throw invalid(`Received a parameter name that cannot be read: ${name}`);
  return path;
}

/** @param {Params} root @param {string[]} path @param {string} value @param {string} name */
function place(root, path, value, name) {
  let at = root;
  for (const [depth, part] of path.entries()) {
    const key = part === "" ? String(Object.keys(at).length) : part;
    if (depth === path.length - 1) {
      at[key] = value;
    } else {
      at[key] ??= record();
      if (typeof at[key] !== "object") throw invalid(`Invalid object: ${name}`, { param: name });
      at = at[key];
    }
  }
}

/** @param {unknown} value @returns {unknown} */
function withArrays(value) {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const isArray = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  if (isArray) return entries.map(([, item]) => withArrays(item));
  return Object.assign(record(), Object.fromEntries(entries.map(([key, item]) => [key, withArrays(item)])));
}

/** A parameter may be called anything, `__proto__` too. @returns {Params} */
const record = () => Object.create(null);
