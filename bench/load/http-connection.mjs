// @ts-check
import { connect } from "node:net";
import { createResponseParser } from "./response-parser.mjs";

/** Times are milliseconds from the moment the request was written. */
/** @typedef {{ status: number, body: Buffer, firstByteMs: number, totalMs: number }} Answer */
/** @typedef {Awaited<ReturnType<typeof openConnection>>} Connection */

/**
 * One keep-alive connection that carries one request at a time.
 * @param {{ host: string, port: number }} address
 */
export async function openConnection({ host, port }) {
  const socket = connect({ host, port, noDelay: true });
  /** @type {((bytes: Buffer) => void) | undefined} */
  let onBytes;
  /** @type {((reason: Error) => void) | undefined} */
  let onClose;
  let open = true;

  const end = (/** @type {Error} */ reason) => {
    open = false;
    socket.destroy();
    onClose?.(reason);
  };
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("data", (bytes) => onBytes?.(bytes));
  socket.on("error", end);
  socket.on("close", () => end(new Error("the connection closed before the end of the answer")));

  /**
   * @param {Buffer} request the whole request as it goes over the wire
   * @param {() => void} [onFirstByte]
   * @returns {Promise<Answer>} rejects when the connection ends before the answer does
   */
  function exchange(request, onFirstByte) {
    const { promise, resolve, reject } = settlement();
    /** @type {Buffer[]} */
    const body = [];
    const started = performance.now();
    let firstByteMs = 0;
    const parser = createResponseParser((bytes) => {
      body.push(bytes);
      if (firstByteMs > 0 || isKeepAliveComment(bytes)) return;
      firstByteMs = performance.now() - started;
      onFirstByte?.();
    });
    const finish = () => {
      onBytes = onClose = undefined;
      if (parser.answer.closes) end(new Error("the server closed the connection"));
      resolve({
        status: parser.answer.status,
        body: Buffer.concat(body),
        firstByteMs,
        totalMs: performance.now() - started,
      });
    };
    onBytes = (bytes) => parser.push(bytes) && finish();
    onClose = (reason) => (parser.endsWithClose() ? finish() : reject(reason));
    socket.write(request);
    return promise;
  }

  return { exchange, isOpen: () => open, close: (/** @type {string} */ reason) => end(new Error(reason)) };
}

/** A comment such as `: PROCESSING` is no answer yet. @param {Buffer} bytes */
const isKeepAliveComment = (bytes) => bytes[0] === 58 && !bytes.includes("data:");

function settlement() {
  /** @type {(answer: Answer) => void} */
  let resolve = () => {};
  /** @type {(reason: Error) => void} */
  let reject = () => {};
  /** @type {Promise<Answer>} */
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
