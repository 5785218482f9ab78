// @ts-check
// The socket: reads a request whole, works it off without a pause, writes the answer.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { answerRequest, requireKey } from "./api/answer-request.mjs";
import { decodeForm } from "./api/form-body.mjs";
import { Problem } from "./api/problem.mjs";
import { servePage } from "./pages/serve-page.mjs";
import { expireOldSessions } from "./resources/checkout-sessions.mjs";

const CONTROL_PATH = "/_stand-in/";

/**
 * @typedef {object} Parts
 * @property {number} port
 * @property {boolean} mayMove to any free port when that one is taken
 * @property {import("./world.mjs").World} world
 * @property {string} apiKey
 * @property {import("./controls.mjs").Controls} controls
 * @property {ReturnType<typeof import("./disturbances.mjs").createDisturbances>} disturbances
 * @property {() => void} save
 *
 * @typedef {{ status: number, headers: Record<string, string>, body: string | Buffer }} Answer
 */

/** @param {Parts} parts @returns {Promise<{ url: string, close: () => Promise<void> }>} */
export async function listen(parts) {
  /** @type {Set<string>} */
  const keysInUse = new Set();
  const server = createServer((request, response) => {
    handle(parts, keysInUse, request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  await open(server, parts.port).catch((error) => {
    if (!parts.mayMove || error.code !== "EADDRINUSE") throw error;
    return open(server, 0);
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** @param {import("node:http").Server} server @param {number} port @returns {Promise<void>} */
const open = (server, port) =>
  new Promise((done, fail) => {
    server.once("error", fail);
    server.listen({ host: "127.0.0.1", port }, () => {
      server.off("error", fail);
      done();
    });
  });

/**
 * @param {Parts} parts
 * @param {Set<string>} keysInUse
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function handle(parts, keysInUse, request, response) {
  const { world, save, disturbances } = parts;
  const body = await text(request);
  const { pathname: path, search } = new URL(request.url ?? "/", "http://stand-in");
  const method = request.method ?? "GET";
  const key = header(request, "idempotency-key");
  expireOldSessions(world);
  const isApi = path.startsWith("/v1/");
  const answer = isApi
    ? apiAnswer(parts, keysInUse, { method, path, query: search.slice(1), body, key, request })
    : ((await controlAnswer(parts, method, path, body, header(request, "authorization"))) ??
      servePage(world, method, path, body) ?? { status: 404, headers: {}, body: "Not found" });
  if (method !== "GET") save();
  if (isApi && disturbances.delayMs > 0) {
    const own = key !== undefined && answer.status !== 409 ? key : undefined;
    if (own !== undefined) keysInUse.add(own);
    await sleep(disturbances.delayMs);
    if (own !== undefined) keysInUse.delete(own);
  }
  if (isApi && disturbances.isDropped(path)) return void response.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/**
 * @param {Parts} parts
 * @param {Set<string>} keysInUse
 * @param {{ method: string, path: string, query: string, body: string, key?: string,
 *   request: import("node:http").IncomingMessage }} asked
 * @returns {Answer}
 */
function apiAnswer({ world, apiKey, disturbances }, keysInUse, { method, path, query, body, key, request }) {
  const authorization = header(request, "authorization");
  const answer = answerRequest(
    world,
    apiKey,
    { method, path, query, body, authorization, idempotencyKey: key },
    keysInUse,
  );
  const { status } = answer;
  const params = { ...decodedOr(method === "GET" ? query : body) };
  disturbances.requests.push({ method, path, params, idempotencyKey: key ?? null, status });
  const version = header(request, "stripe-version");
  const headers = {
    "content-type": "application/json",
    ...answer.headers,
    ...(version && { "stripe-version": version }),
  };
  return { status, headers: key === undefined ? headers : { ...headers, "idempotency-key": key }, body: answer.body };
}

/** @param {string} encoded */
function decodedOr(encoded) {
  try {
    return decodeForm(encoded);
  } catch {
    return {};
  }
}

/**
 * @param {Parts} parts
 * @param {string} method
 * @param {string} path
 * @param {string} body
 * @param {string} [authorization]
 * @returns {Promise<Answer | undefined>}
 */
async function controlAnswer({ controls, apiKey }, method, path, body, authorization) {
  if (!path.startsWith(CONTROL_PATH)) return undefined;
  const headers = { "content-type": "application/json" };
  try {
    requireKey(authorization, apiKey);
    const name = path.slice(CONTROL_PATH.length);
    const control = Object.hasOwn(controls, name) ? /** @type {any} */ (controls)[name] : undefined;
    if (method !== "POST" || !control) throw new Problem(404, "invalid_request_error", `No such control: ${name}`);
    const result = await control(body === "" ? {} : JSON.parse(body));
    return { status: 200, headers, body: JSON.stringify(result ?? {}) };
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(400, "invalid_request_error", String(error));
    return { status: problem.status, headers, body: JSON.stringify(problem.envelope) };
  }
}

/** @param {import("node:http").IncomingMessage} request @param {string} name */
function header(request, name) {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
