// @ts-check
// One request to the API: who calls, whether it was made before, what comes back.

import { timingSafeEqual } from "node:crypto";
import { newId } from "../store.mjs";
import { noRequest } from "../world.mjs";
import { expanded } from "./expand.mjs";
import { decodeForm } from "./form-body.mjs";
import { fingerprintOf, replay } from "./idempotency.mjs";
import { Problem } from "./problem.mjs";
import { callRoute } from "./routes.mjs";

/**
 * @typedef {{ method: string, path: string, query: string, body: string, authorization?: string,
 *   idempotencyKey?: string }} ApiRequest
 * @typedef {{ status: number, body: string, headers: Record<string, string> }} ApiAnswer
 */

/**
 * @param {import("../world.mjs").World} world
 * @param {string} apiKey
 * @param {ApiRequest} request
 * @param {Set<string>} keysInUse of requests that are not answered yet
 * @returns {ApiAnswer}
 */
export function answerRequest(world, apiKey, request, keysInUse) {
  const requestId = newId({ prefix: "req_" });
  try {
    requireKey(request.authorization, apiKey);
    const key = request.method === "POST" ? request.idempotencyKey : undefined;
    const before = key === undefined ? undefined : replay(world, request, key, keysInUse);
    if (before) return answer(before.status, before.body, requestId, before.requestId);
    world.cause = { id: requestId, idempotency_key: key ?? null };
    const { status, body, isWork } = work(world, request);
    if (key !== undefined && isWork) {
      const [fingerprint, at] = [fingerprintOf(request), world.nowMs()];
      world.store.answers.set(key, { fingerprint, status, body, at, requestId });
    }
    return answer(status, body, requestId);
  } catch (error) {
    if (error instanceof Problem) return answer(error.status, JSON.stringify(error.envelope), requestId);
    throw error;
  } finally {
    world.cause = noRequest;
  }
}

/**
 * @param {import("../world.mjs").World} world
 * @param {ApiRequest} request
 * @returns {{ status: number, body: string, isWork: boolean }} isWork: something was done, also where a card was refused
 */
function work(world, request) {
  try {
    const params = decodeForm(request.method === "GET" ? request.query : request.body);
    const result = callRoute(world, request.method, request.path, params);
    return { status: 200, body: JSON.stringify(expanded(world, result, params)), isWork: true };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: error.status, body: JSON.stringify(error.envelope), isWork: error.status === 402 };
  }
}

/** @param {string | undefined} authorization @param {string} apiKey */
export function requireKey(authorization, apiKey) {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "");
  const expected = Buffer.from(apiKey);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  const message = given.length === 0 ? "You did not provide an API key." : "Invalid API Key provided.";
  throw new Problem(401, "invalid_request_error", message);
}

/** @param {number} status @param {string} body @param {string} id @param {string} [original] @returns {ApiAnswer} */
const answer = (status, body, id, original) => ({
  status,
  body,
  headers: { "request-id": id, ...(original && { "idempotent-replayed": "true", "original-request": original }) },
});
