import { setTimeout as sleep } from "node:timers/promises";
import { db } from "@/db/client";
import { type KeptPart, readKept } from "@/db/queries/kept-answers";
import { AppError } from "@/lib/errors";
import type { ApiReply } from "@/lib/http/api-handler";
import { processWide } from "@/lib/process-wide";
import { eventsAfter } from "./events";
import { openPiece } from "./piece";

const LOOK_EVERY_MS = 250;
const PIECES_A_LOOK = 32;
/** Each looks into the database again and again. */
const MOST_FOLLOWERS = 512;

const followers = () => processWide("followers", () => ({ count: 0 }));

/**
 * The answer that is kept under this id, as it was first given: what has come of it at once, and the rest as it comes,
 * whichever process hears it. `afterEvent`: only the events that come after the one of this number.
 *
 * @throws AppError `conflict` where it was cut off or is forgotten, `service_unavailable`
 */
export async function followKept(id: string, signal: AbortSignal, afterEvent = 0): Promise<ApiReply> {
  const state = followers();
  if (state.count >= MOST_FOLLOWERS)
    throw new AppError("service_unavailable", "Too many follow answers. Try again.", { retryAfter: 2 });
  const event = afterEvent === 0 ? 0 : afterEvent + 1;
  const look = async (seq: number, most = PIECES_A_LOOK): Promise<KeptPart> => {
    const part = await readKept(db(), id, { seq, event }, most);
    if (!part) throw new AppError("conflict", "The answer is not kept any more. Ask again.", { retryAfter: 1 });
    if (part.isCut) throw cutOff();
    return part;
  };
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    state.count++;
    return work().finally(() => state.count--);
  };
  async function* words(): AsyncGenerator<string> {
    let seq = 1;
    state.count++;
    try {
      for (;;) {
        signal.throwIfAborted();
        const { pieces, ended } = await look(seq);
        for (const piece of pieces) {
          const text = opened(id, piece);
          yield eventsAfter(text, afterEvent);
          seq = piece.seq + 1;
        }
        if (pieces.length === PIECES_A_LOOK) continue;
        if (ended) return;
        await sleep(LOOK_EVERY_MS, undefined, { signal });
      }
    } finally {
      state.count--;
    }
  }

  const { status, headers, isStream } = await counted(() => untilTold(() => look(1, 0), signal));
  if (isStream) return { status, headers, body: words() };
  let body = "";
  for await (const text of words()) body += text;
  return { status, headers, body };
}

/** The head of the answer, once it has begun. */
async function untilTold(look: () => Promise<KeptPart>, signal: AbortSignal) {
  for (;;) {
    signal.throwIfAborted();
    const { status, headers } = await look();
    if (status !== null && headers !== null)
      return { status, headers, isStream: headers["content-type"]?.startsWith("text/event-stream") ?? false };
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

const cutOff = () =>
  new AppError(
    "conflict",
    "The server that answered this was stopped in the middle of it, so that its answer is not whole.",
  );

function opened(id: string, piece: KeptPart["pieces"][number]): string {
  try {
    return openPiece(id, piece);
  } catch (error) {
    throw new AppError("conflict", "The answer was sealed with a key that is not in use any more.", { cause: error });
  }
}
