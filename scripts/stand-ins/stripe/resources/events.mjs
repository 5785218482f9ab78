// @ts-check

import { LIST_PARAMS, page } from "../api/list.mjs";
import { invalid } from "../api/problem.mjs";
import { listOf, textOf } from "../api/read-param.mjs";

/** @typedef {import("../world.mjs").World} World */

/** @type {import("../api/routes.mjs").Route[]} */
export const eventRoutes = [
  ["GET", "/v1/events/:id", [], (world, id) => world.store.need("event", id)],
  ["GET", "/v1/events", [...LIST_PARAMS, "type", "types", "delivery_success"], listEvents],
];

/** @param {World} world @param {string} _ @param {import("../api/form-body.mjs").Params} params */
function listEvents(world, _, params) {
  const types = listOf(params, "types");
  const type = textOf(params, "type");
  if (type !== undefined && types.length > 0) throw invalid("You may pass either `type` or `types`, but not both.");
  if (types.length > 20) throw invalid("You may pass at most 20 event types.", { param: "types" });
  const wanted = type === undefined ? types : [type];
  const delivered = textOf(params, "delivery_success");
  const found = world.store.list("event").filter((event) => {
    const isDelivered = String(event.pending_webhooks === 0);
    return matches(wanted, event.type) && (delivered === undefined || delivered === isDelivered);
  });
  return page(found, params, "/v1/events");
}

/** @param {string[]} wanted none means all; `charge.*` means every one that begins so @param {string} type */
const matches = (wanted, type) =>
  wanted.length === 0 || wanted.some((one) => one === type || (one.endsWith("*") && type.startsWith(one.slice(0, -1))));
