// @ts-check

import { createHash } from "node:crypto";
import { Problem } from "./problem.mjs";

const DAY_MS = 86_400_000;
const LONGEST_KEY = 255;

/**
 * @param {import("../world.mjs").World} world
 * @param {import("./answer-request.mjs").ApiRequest} request
 * @param {string} key
 * @param {Set<string>} keysInUse
 * @returns {import("../store.mjs").StoredAnswer | undefined} the answer of the first request with this key
 * @throws {Problem} where the first one is still at work, or was another request
 */
export function replay(world, request, key, keysInUse) {
  if (key.length > LONGEST_KEY) {
    throw new Problem(400, "idempotency_error", `Idempotency keys hold at most ${LONGEST_KEY} characters.`);
  }
  const before = world.store.answers.get(key);
  if (before && before.at > world.nowMs() - DAY_MS && before.fingerprint !== fingerprintOf(request)) {
    const message =
      "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
      `Try using a key other than '${key}' if you meant to execute a different request.`;
    throw new Problem(400, "idempotency_error", message);
  }
  if (keysInUse.has(key)) {
    const message = `There is currently another in-progress request using this Idempotent Key: ${key}. Try again later.`;
    throw new Problem(409, "idempotency_error", message, { code: "idempotency_key_in_use" });
  }
  return before && before.at > world.nowMs() - DAY_MS ? before : undefined;
}

/**
 * What makes a request the same one; the order of its parameters does not.
 * @param {import("./answer-request.mjs").ApiRequest} request
 */
export function fingerprintOf({ method, path, body }) {
  const params = new URLSearchParams(body);
  params.sort();
  return createHash("sha256").update(`${method} ${path}\n${params}`).digest("hex");
}
