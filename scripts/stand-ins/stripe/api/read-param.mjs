// @ts-check
// Parameters arrive as text; these read one or say, as Stripe does, which one is wrong.

import { invalid } from "./problem.mjs";

/** @typedef {import("./form-body.mjs").Params} Params */

/**
 * A dotted path names a nested parameter: `price_data.unit_amount`.
 * @param {Params} params
 * @param {string} path
 * @returns {any}
 */
function at(params, path) {
  const found = path.split(".").reduce((/** @type {any} */ value, part) => value?.[part], params);
  return found === "" ? undefined : found;
}

/** @param {string} path */
const bracketed = (path) => path.split(".").reduce((name, part) => `${name}[${part}]`);

/** @param {Params} params @param {string} path @returns {string | undefined} */
export function textOf(params, path) {
  const value = at(params, path);
  if (value !== undefined && typeof value !== "string") {
    throw invalid(`Invalid string: ${JSON.stringify(value)}`, { param: bracketed(path) });
  }
  return value;
}

/** @param {Params} params @param {string} path @returns {string} */
export function neededText(params, path) {
  const value = textOf(params, path);
  if (value !== undefined) return value;
  throw invalid(`Missing required param: ${bracketed(path)}.`, { code: "parameter_missing", param: bracketed(path) });
}

/** @param {Params} params @param {string} path @returns {number | undefined} */
export function integerOf(params, path) {
  const value = textOf(params, path);
  if (value === undefined) return undefined;
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  throw invalid(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param: bracketed(path) });
}

/** @param {Params} params @param {string} path @returns {number} */
export function neededInteger(params, path) {
  neededText(params, path);
  return /** @type {number} */ (integerOf(params, path));
}

/** @param {Params} params @param {string} path @returns {boolean | undefined} */
export function booleanOf(params, path) {
  const value = textOf(params, path);
  if (value === undefined) return undefined;
  if (value === "true" || value === "false") return value === "true";
  throw invalid(`Invalid boolean: ${value}`, { param: bracketed(path) });
}

/**
 * @template {string} T
 * @param {Params} params
 * @param {string} path
 * @param {readonly T[]} choices
 * @returns {T | undefined}
 */
export function choiceOf(params, path, choices) {
  const value = textOf(params, path);
  const choice = choices.find((one) => one === value);
  if (value === undefined || choice) return choice;
  throw invalid(`Invalid ${bracketed(path)}: must be one of ${choices.join(", ")}`, { param: bracketed(path) });
}

/** @param {Params} params @param {string} path @returns {any[]} */
export function listOf(params, path) {
  const value = at(params, path);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid("Invalid array", { param: bracketed(path) });
  return value;
}

/**
 * What is there already, with what is given put over it; an empty value takes a name away.
 * @param {Params} params
 * @param {string} [path]
 * @param {Record<string, string> | null} [before]
 * @returns {Record<string, string>}
 */
export function metadataOf(params, path = "metadata", before = {}) {
  const given = at(params, path) ?? {};
  if (typeof given !== "object") throw invalid("Invalid hash", { param: bracketed(path) });
  const merged = { ...before, ...given };
  for (const [name, value] of Object.entries(merged)) {
    if (typeof value !== "string")
      throw invalid(`Metadata values must be strings: ${name}`, { param: bracketed(path) });
    if (name.length > 40 || value.length > 500) {
      throw invalid("Metadata names hold at most 40 characters, values 500.", { param: `${bracketed(path)}[${name}]` });
    }
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
}
