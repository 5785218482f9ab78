import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { type ApiHandler, type ApiReply, type ApiRequest, type Patience, usualPatience } from "./api-handler";
import { mostBodyBytes, refuseEncoding, tooLarge } from "./body-limits";
import { answering } from "./on-answer";

/** Mounts a handler as a Next route handler: what `next dev`, `next start` and serverless platforms serve. */
export function nextRoute(
  handler: ApiHandler,
  patience: Partial<Patience> = {},
): (request: Request) => Promise<Response> {
  const whole = { ...usualPatience, ...patience };
  return async (request) => {
    answering();
    const gone = new AbortController();
    const leave = () => gone.abort(new AppError("invalid_request", "The caller went away."));
    if (request.signal.aborted) leave();
    request.signal.addEventListener("abort", leave, { once: true });
    return toResponse(await handler(toApiRequest(request, gone.signal)), { ...whole, leave });
  };
}

function toApiRequest(request: Request, signal: AbortSignal): ApiRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => request.headers.get(name) ?? undefined,
    text: () => readText(request),
    signal,
  };
}

async function readText(request: Request): Promise<string> {
  refuseEncoding(request.headers.get("content-encoding"));
  const most = mostBodyBytes(env());
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge(most);
  if (!request.body) return "";
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > most) throw tooLarge(most);
    pieces.push(piece);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
  } catch (error) {
    throw new AppError("invalid_request", "The request body is not UTF-8.", { cause: error });
  }
}

/** Who reads the answer: how patient to be with him, and what to do once he has gone. */
type Reader = Patience & { leave: () => void };

function toResponse({ status, headers, body, meanwhile }: ApiReply, reader: Reader): Response {
  if (status === 304) return new Response(null, { status, headers });
  return new Response(typeof body === "string" ? body : toByteStream(body, meanwhile, reader), { status, headers });
}

/**
 * One piece a pull: a caller who does not read is not read for. That he has gone is told by his request's signal, by
 * the stream's cancelling, by both or by neither; who takes nothing for long is gone.
 */
function toByteStream(
  pieces: AsyncIterable<string>,
  meanwhile: string | undefined,
  { silence, stalled: mostStalled, leave }: Reader,
): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<string>> | undefined;
  let stalled: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(stalled);
    leave();
    // Not awaited: it would wait for the piece that is under way.
    void iterator.return?.()?.catch(() => {});
  };
  return new ReadableStream({
    async pull(controller) {
      clearTimeout(stalled);
      next ??= iterator.next();
      const step = meanwhile === undefined ? await next : await orSilence(next, silence);
      if (step?.done) return controller.close();
      if (step) next = undefined;
      controller.enqueue(encoder.encode(step ? step.value : meanwhile));
      stalled = setTimeout(() => {
        controller.error(new Error("the caller does not read"));
        end();
      }, mostStalled);
    },
    cancel: end,
  });
}

/** Undefined where nothing comes for a while. */
async function orSilence<T>(next: Promise<T>, most: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, most, undefined);
  });
  return Promise.race([next, silence]).finally(() => clearTimeout(timer));
}
