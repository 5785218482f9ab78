import { randomUUID } from "node:crypto";
import { beginKept, dropFreeKept } from "@/db/queries/kept-answers";
import { AppError, asAppError } from "@/lib/errors";
import type { ApiReply, ApiRequest, ErrorBodyOf } from "@/lib/http/api-handler";
import { errorReply } from "@/lib/http/api-route";
import type { Caller } from "@/lib/keys/authenticate";
import { numberEvents } from "./events";
import { followKept } from "./follow";
import { goOn } from "./go-on";
import { hashOf } from "./hash";
import { type KeptWriter, keptWriter } from "./writer";

const DAY = 86_400;
/** So long a stream can be gone on with when it has ended. */
const RESUMABLE_SECONDS = 600;
/** An answer that has not ended is not forgotten before this. */
const RUNNING_SECONDS = 3_600;
/** So long those who wait for it are told what went wrong. */
const FAILED_SECONDS = 60;

const KEY = /^[\x20-\x7e]{1,255}$/;

export type Wish = {
  idempotencyKey: string | undefined;
  /** The generation whose stream can be gone on with. */
  resumable: string | undefined;
};

/** What is done for a caller, once, and whether it came to nothing: then he may ask for it anew. */
export type Work = (signal: AbortSignal) => Promise<{ reply: ApiReply; failed?: () => Promise<boolean> }>;

/** @throws AppError `invalid_request` for an Idempotency-Key that is none */
export function idempotencyKeyOf({ header }: Pick<ApiRequest, "header">): string | undefined {
  const key = header("idempotency-key");
  if (key === undefined || KEY.test(key)) return key;
  throw new AppError("invalid_request", "An Idempotency-Key has 1 to 255 printable ASCII characters.");
}

/**
 * Does the work and keeps its answer: under one Idempotency-Key of an API key it is done once in 24 hours, and whoever
 * asks again has the same answer, as it comes where it is still coming. What comes to nothing is not kept.
 *
 * @throws AppError `unprocessable` when the key was used to ask for something else; `conflict` when its answer was cut off
 */
export async function keptReply(
  request: ApiRequest,
  { accountId, keyId }: Caller,
  body: unknown,
  { idempotencyKey, resumable }: Wish,
  work: Work,
  errorBody?: ErrorBodyOf,
): Promise<ApiReply> {
  const { method, path, query, signal } = request;
  const asked = hashOf([method, path, query.toString(), body]);
  const lookup = idempotencyKey === undefined ? null : hashOf(["idempotency", accountId, keyId, idempotencyKey]);
  for (;;) {
    const id = randomUUID();
    const names = { lookup, asked: lookup && asked, generationId: resumable ?? null };
    const begun = await beginKept({ id, accountId, keyId, ...names, seconds: lookup ? DAY : RUNNING_SECONDS });
    if (begun === "mine") {
      const writer = keptWriter(id);
      const seconds = lookup ? DAY : RESUMABLE_SECONDS;
      return keep(writer, { work, caller: signal, numbered: resumable !== undefined, seconds, errorBody });
    }
    if (begun?.isFree) await dropFreeKept(begun.id);
    if (!begun || begun.isFree) continue;
    if (begun.asked !== asked)
      throw new AppError("unprocessable", "This Idempotency-Key was used for another request. Use a new one.");
    const reply = await followKept(begun.id, signal);
    return { ...reply, headers: { ...reply.headers, "idempotent-replayed": "true" } };
  }
}

type Keeping = {
  work: Work;
  caller: AbortSignal;
  numbered: boolean;
  seconds: number;
  errorBody: ErrorBodyOf | undefined;
};

async function keep(writer: KeptWriter, { work, caller, numbered, seconds, errorBody }: Keeping): Promise<ApiReply> {
  const { signal, release } = goOn(caller);
  try {
    const { reply, failed } = await work(signal);
    writer.begin({ status: reply.status, headers: reply.headers });
    if (typeof reply.body !== "string") {
      const end = async () => {
        release();
        const came = await (failed?.() ?? false);
        await writer.end({ failed: came, seconds });
      };
      return { ...reply, body: heardOut(reply.body, writer, numbered, end) };
    }
    writer.add(reply.body);
    // Before the caller has it: or a server that dies now would do it again for who asks again.
    await writer.end({ failed: false, seconds });
    release();
    return reply;
  } catch (error) {
    release();
    const { status, headers, body } = errorReply(asAppError(error), errorBody);
    writer.begin({ status, headers });
    writer.add(body as string);
    await writer.end({ failed: true, seconds: FAILED_SECONDS });
    throw error;
  }
}

/** The words of an answer that is read to its end, whether somebody takes them or not. */
function heardOut(
  words: AsyncIterable<string>,
  writer: KeptWriter,
  numbered: boolean,
  end: () => Promise<void>,
): AsyncIterable<string> {
  const numbers = numberEvents();
  let heard: string[] = [];
  let isHeard = true;
  let over = false;
  let wake = () => {};
  const read = async () => {
    try {
      for await (const piece of words) {
        const text = numbered ? numbers.number(piece) : piece;
        writer.add(text, numbers.last());
        if (isHeard) heard.push(text);
        wake();
      }
    } finally {
      await end().finally(() => {
        over = true;
        wake();
      });
    }
  };
  const reading = read();
  // Who still listens is told by his own reading.
  reading.catch(() => {});
  return (async function* () {
    try {
      for (;;) {
        const more = heard;
        heard = [];
        yield* more;
        if (over && heard.length === 0) return await reading;
        if (heard.length === 0)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      isHeard = false;
      heard = [];
    }
  })();
}
