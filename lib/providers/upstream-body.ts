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

type State = {
  valve: Valve;
  pieces: Buffer[];
  held: number;
  paused: boolean;
  over: boolean;
  unwanted: boolean;
  failure?: { error: unknown };
  wake?: () => void;
};

/** A body to read, and the end at which a socket fills it. */
export function makeBody(valve: Valve): BodySource {
  const state: State = { valve, pieces: [], held: 0, paused: false, over: false, unwanted: false };
  const body: UpstreamBody = {
    next: () => nextPiece(state),
    async return() {
      if (!state.unwanted) {
        drop(state);
        abort(state);
      }
      return { done: true, value: undefined };
    },
    letEnd() {
      drop(state);
      if (!state.over) setTimeout(() => abort(state), CLOSE_MS).unref();
    },
    [Symbol.asyncIterator]: () => body,
  };
  return {
    body,
    push: (piece) => push(state, piece),
    end: () => close(state),
    fail: (error) => close(state, { error }),
  };
}

// Waking is a microtask, so everything of one socket read is there before the reader looks.
async function nextPiece(state: State): Promise<IteratorResult<Buffer>> {
  while (!state.pieces.length && !state.over) {
    await new Promise<void>((resolve) => {
      state.wake = resolve;
    });
  }
  if (state.pieces.length) return { done: false, value: take(state) };
  if (state.failure) throw state.failure.error;
  return { done: true, value: undefined };
}

function take(state: State): Buffer {
  const { pieces, held } = state;
  empty(state);
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, held);
}

function empty(state: State): void {
  state.pieces = [];
  state.held = 0;
  if (!state.paused) return;
  state.paused = false;
  state.valve.resume();
}

function push(state: State, piece: Buffer): void {
  if (state.unwanted) return;
  state.pieces.push(piece);
  state.held += piece.length;
  if (state.held > HELD_BYTES && !state.paused) {
    state.paused = true;
    state.valve.pause();
  }
  state.wake?.();
}

function close(state: State, failure?: { error: unknown }): void {
  state.over = true;
  state.failure ??= failure;
  state.wake?.();
}

function drop(state: State): void {
  state.unwanted = true;
  empty(state);
}

function abort(state: State): void {
  if (!state.over) state.valve.abort(new Error("the answer is no longer wanted"));
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
