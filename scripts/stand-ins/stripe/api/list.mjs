// @ts-check

import { invalid } from "./problem.mjs";
import { integerOf, textOf } from "./read-param.mjs";

/** @typedef {import("./form-body.mjs").Params} Params */

export const LIST_PARAMS = ["limit", "starting_after", "ending_before", "created"];

/**
 * One page of what is given (newest first), with the filters every list has.
 * @template {{ id: string, created?: number }} T
 * @param {T[]} newestFirst
 * @param {Params} params
 * @param {string} url the list's own path
 */
export function page(newestFirst, params, url) {
  const limit = integerOf(params, "limit") ?? 10;
  if (limit < 1 || limit > 100) throw invalid("Invalid limit: must be from 1 to 100", { param: "limit" });
  const all = newestFirst.filter(createdFilter(params));
  const after = textOf(params, "starting_after");
  const before = textOf(params, "ending_before");
  if (before !== undefined) {
    const end = indexOf(newestFirst, all, before, "ending_before");
    const start = Math.max(0, end - limit);
    return listOf(all.slice(start, end), start > 0, url);
  }
  const start = after === undefined ? 0 : indexOf(newestFirst, all, after, "starting_after") + 1;
  return listOf(all.slice(start, start + limit), start + limit < all.length, url);
}

/**
 * @template T
 * @param {T[]} data
 * @param {boolean} hasMore
 * @param {string} url
 */
export const listOf = (data, hasMore, url) => ({ object: /** @type {const} */ ("list"), data, has_more: hasMore, url });

/** @param {{ id: string }[]} known @param {{ id: string }[]} all @param {string} id @param {string} param */
function indexOf(known, all, id, param) {
  const index = all.findIndex((one) => one.id === id);
  if (index >= 0) return index;
  const exists = known.some((one) => one.id === id);
  throw invalid(exists ? `${id} is not in the filtered list` : `No such object: '${id}'`, {
    code: "resource_missing",
    param,
  });
}

/** @param {Params} params @returns {(one: { created?: number }) => boolean} */
function createdFilter(params) {
  if (typeof params.created === "string") {
    const exact = integerOf(params, "created");
    return ({ created }) => created === exact;
  }
  const [gte, gt, lte, lt] = ["gte", "gt", "lte", "lt"].map((name) => integerOf(params, `created.${name}`));
  return ({ created = 0 }) =>
    (gte === undefined || created >= gte) &&
    (gt === undefined || created > gt) &&
    (lte === undefined || created <= lte) &&
    (lt === undefined || created < lt);
}
