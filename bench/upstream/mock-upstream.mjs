// @ts-check
import { once } from "node:events";
import { createServer } from "node:http";
import { jsonBytes, streamBytes } from "./dialects.mjs";

/** @typedef {import("./dialects.mjs").Dialect} Dialect */
/**
 * `pieces` in a stream, `jsonPieces` in a JSON answer; an interval of 0 sends one piece per turn of the event loop.
 * @typedef {{ pieces: number, jsonPieces: number, intervalMs: number, firstTokenDelayMs: number }} AnswerShape
 */
/** @typedef {{ requests: Record<Dialect, number>, pieces: number, aborted: number }} UpstreamCounts */
/** @typedef {{ dialect: Dialect, stream: boolean, includeUsage: boolean }} Asked */

/** @type {AnswerShape} */
export const DEFAULT_SHAPE = { pieces: 100, jsonPieces: 20, intervalMs: 0, firstTokenDelayMs: 0 };

/**
 * A stand-in for three providers on one loopback port. `aborted` counts streams whose reader left before the end.
 * @param {number} [port] 0 for any free one
 */
export async function startMockUpstream(port = 0) {
  /** @type {UpstreamCounts} */
  const counts = { requests: { openai: 0, anthropic: 0, gemini: 0 }, pieces: 0, aborted: 0 };
  let shape = DEFAULT_SHAPE;
  const server = createServer({ keepAliveTimeout: 120_000 }, async (request, response) => {
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    const asked = readQuestion(request.url ?? "/", body);
    if (!asked) return refuse(response);
    counts.requests[asked.dialect]++;
    const answer = asked.stream ? sendStream : sendJson;
    answer(response, asked, shape, counts);
  });
  server.listen({ port, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts: () => structuredClone(counts),
    /** @param {Partial<AnswerShape>} wanted what is not named takes its default */
    configure: (wanted) => {
      shape = { ...DEFAULT_SHAPE, ...wanted };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** @param {import("node:http").IncomingMessage} request */
async function readBody(request) {
  /** @type {Buffer[]} */
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

/**
 * @param {string} url
 * @param {string} body
 * @returns {Asked | undefined} undefined for what no provider would answer
 */
function readQuestion(url, body) {
  const gemini = /\/models\/[^/]+:(generateContent|streamGenerateContent\?alt=sse)$/.exec(url);
  if (gemini) return { dialect: "gemini", stream: gemini[1] !== "generateContent", includeUsage: true };
  const dialect = url.endsWith("/chat/completions") ? "openai" : url.endsWith("/messages") ? "anthropic" : undefined;
  const question = parse(body);
  if (!dialect || !Array.isArray(question?.messages)) return undefined;
  return { dialect, stream: question.stream === true, includeUsage: question.stream_options?.include_usage === true };
}

/** @param {string} body */
function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** @param {import("node:http").ServerResponse} response */
function refuse(response) {
  response.writeHead(404, { "content-type": "application/json" });
  response.end('{"error":{"message":"The mock upstream knows no such request.","type":"invalid_request_error"}}');
}

/** @type {(response: import("node:http").ServerResponse, asked: Asked, shape: AnswerShape) => void} */
function sendJson(response, asked, shape) {
  const bytes = cached(`${asked.dialect} ${shape.jsonPieces}`, () => jsonBytes(asked.dialect, shape.jsonPieces));
  later(shape.firstTokenDelayMs, () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
    response.end(bytes);
  });
}

/** @type {(response: import("node:http").ServerResponse, asked: Asked, shape: AnswerShape, counts: UpstreamCounts) => void} */
function sendStream(response, { dialect, includeUsage }, shape, counts) {
  const bytes = cached(`${dialect} ${shape.pieces} ${includeUsage}`, () =>
    streamBytes(dialect, shape.pieces, includeUsage),
  );
  response.on("close", () => {
    if (!response.writableFinished) counts.aborted++;
  });
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  let sent = 0;
  const step = () => {
    if (response.destroyed) return;
    if (sent === 0 && bytes.lead.length > 0) response.write(bytes.lead);
    const piece = bytes.pieces[sent++];
    if (!piece) return void response.end(bytes.tail);
    counts.pieces++;
    response.write(piece);
    if (shape.intervalMs > 0) setTimeout(step, shape.intervalMs);
    else setImmediate(step);
  };
  later(shape.firstTokenDelayMs, step);
}

/** @type {(delayMs: number, work: () => void) => void} */
const later = (delayMs, work) => void (delayMs > 0 ? setTimeout(work, delayMs) : work());

/** @type {Map<string, any>} */
const cache = new Map();

/**
 * @template T
 * @param {string} key
 * @param {() => T} make
 * @returns {T}
 */
function cached(key, make) {
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key);
}
