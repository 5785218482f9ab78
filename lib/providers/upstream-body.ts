import { UpstreamFault } from "./upstream-fault";

/** More than this is not held for a slow reader: the upstream's socket is paused instead. */
const HELD_BYTES = 64 * 1024;
/** How long a body whose content is complete may take to close, before its connection is given up. */
const CLOSE_MS = 1_000;

/** Bytes as they came; what arrived together is one piece. Leaving the loop early ends the upstream's work. */
export type UpstreamBody = AsyncIterableIterator<Buffer> & {
  /** Nothing more is wanted, but the upstream is about to end by itself: keeps the connection for the next request. */
  letEnd(): void;
};

/** The upstream's socket, as far as a body may touch it. */
export type Valve = { pause(): void; resume(): void; abort(reason: Error): void };

export type BodySource = { body: UpstreamBody; push(piece: Buffer): void; end(): void; fail(error: unknown): void };

export function makeBody(valve: Valve): BodySource {
  let pieces: Buffer[] = [];
  let held = 0;
  let paused = false;
  let over = false;
  let unwanted = false;
  let failure: unknown;
  let wake: (() => void) | undefined;

  function take(): Buffer {
    const all = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, held);
    pieces = [];
    held = 0;
    if (paused) {
      paused = false;
      valve.resume();
    }
    return all;
  }

  // Waking is a microtask, so everything of one socket read is there before the reader looks.
  async function next(): Promise<IteratorResult<Buffer>> {
    while (!pieces.length && !over) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (pieces.length) return { done: false, value: take() };
    if (failure !== undefined) throw failure;
    return { done: true, value: undefined };
  }

  function close(error?: unknown): void {
    over = true;
    failure = error;
    wake?.();
  }

  function drop(): void {
    unwanted = true;
    pieces = [];
    held = 0;
    if (paused) valve.resume();
    paused = false;
  }

  const abort = () => {
    if (!over) valve.abort(new Error("the answer is no longer wanted"));
  };

  const body: UpstreamBody = {
    next,
    async return() {
      if (!unwanted) {
        drop();
        abort();
      }
      return { done: true, value: undefined };
    },
    letEnd() {
      drop();
      if (!over) setTimeout(abort, CLOSE_MS).unref();
    },
    [Symbol.asyncIterator]: () => body,
  };

  return {
    body,
    push(piece) {
      if (unwanted) return;
      pieces.push(piece);
      held += piece.length;
      if (held > HELD_BYTES && !paused) {
        paused = true;
        valve.pause();
      }
      wake?.();
    },
    end: () => close(),
    fail: (error) => close(error ?? new Error("the answer was cut off")),
  };
}

/** @throws UpstreamFault `malformed` where the body is longer than `most` bytes. */
export async function readBytes(body: UpstreamBody, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > most) throw new UpstreamFault({ kind: "malformed", what: `an answer of more than ${most} bytes` });
    pieces.push(piece);
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, bytes);
}

/** The beginning of a body, for an error message; the rest is not waited for. */
export async function readStart(body: UpstreamBody, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= most) break;
    }
  } catch {
    // A refusal that was cut off is a refusal all the same.
  }
  return Buffer.concat(pieces, bytes).subarray(0, most);
}
