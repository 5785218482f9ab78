// @ts-check

const HEAD_END = Buffer.from("\r\n\r\n");
const NOTHING = Buffer.alloc(0);
const LINE_FEED = 10;

/**
 * An HTTP/1.1 answer read piece by piece from raw bytes: content-length, chunked, or up to the close of the connection.
 * A general client costs several times as much, and would make the generator the thing that is measured.
 * @param {(bytes: Buffer) => void} onBody
 */
export function createResponseParser(onBody) {
  /** @type {"head" | "sized" | "chunk size" | "chunk" | "chunk end" | "trailer" | "to close" | "done"} */
  let state = "head";
  /** @type {Buffer} */
  let pending = NOTHING;
  let left = 0;
  const answer = { status: 0, closes: false };

  const steps = {
    head: readHead,
    sized: (/** @type {Buffer} */ bytes) => take(bytes, "done"),
    "chunk size": readChunkSize,
    chunk: (/** @type {Buffer} */ bytes) => take(bytes, "chunk end"),
    "chunk end": (/** @type {Buffer} */ bytes) => skipLineEnd(bytes, "chunk size"),
    trailer: (/** @type {Buffer} */ bytes) => skipLineEnd(bytes, "done"),
    "to close": readToClose,
    done: () => undefined,
  };

  /** @param {Buffer} bytes @returns {boolean} whether the answer is whole */
  function push(bytes) {
    /** @type {Buffer | undefined} */
    let rest = pending.length > 0 ? Buffer.concat([pending, bytes]) : bytes;
    while (rest) {
      pending = rest;
      rest = steps[state](rest);
    }
    return state === "done";
  }

  /** @param {Buffer} bytes @returns {Buffer | undefined} what is left over; undefined when more bytes are needed */
  function readHead(bytes) {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const head = bytes.toString("latin1", 0, end).toLowerCase();
    const length = /\r\ncontent-length: *(\d+)/.exec(head);
    answer.status = Number(head.slice(9, 12));
    answer.closes = head.includes("\r\nconnection: close");
    left = Number(length?.[1] ?? 0);
    if (head.includes("\r\ntransfer-encoding: chunked")) state = "chunk size";
    else if (length) state = left > 0 ? "sized" : "done";
    else state = "to close";
    return bytes.subarray(end + HEAD_END.length);
  }

  /** @type {(bytes: Buffer, next: "done" | "chunk end") => Buffer | undefined} */
  function take(bytes, next) {
    const taken = Math.min(left, bytes.length);
    if (taken > 0) onBody(bytes.subarray(0, taken));
    left -= taken;
    if (left === 0) state = next;
    else pending = NOTHING;
    return left === 0 ? bytes.subarray(taken) : undefined;
  }

  /** @param {Buffer} bytes */
  function readChunkSize(bytes) {
    const end = bytes.indexOf(LINE_FEED);
    if (end < 0) return undefined;
    left = Number.parseInt(bytes.toString("latin1", 0, end), 16);
    state = left === 0 ? "trailer" : "chunk";
    return bytes.subarray(end + 1);
  }

  /** @type {(bytes: Buffer, next: "chunk size" | "done") => Buffer | undefined} */
  function skipLineEnd(bytes, next) {
    if (bytes.length < 2) return undefined;
    state = next;
    return bytes.subarray(2);
  }

  /** @param {Buffer} bytes */
  function readToClose(bytes) {
    if (bytes.length > 0) onBody(bytes);
    pending = NOTHING;
    return undefined;
  }

  return { push, answer, endsWithClose: () => state === "to close" };
}
