import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { ApiHandler, ApiReply, ApiRequest } from "./api-handler";
import { mostBodyBytes, refuseEncoding, tooLarge } from "./body-limits";

/** Mounts a handler as a Next route handler: what `next dev`, `next start` and serverless platforms serve. */
export function nextRoute(handler: ApiHandler): (request: Request) => Promise<Response> {
  return async (request) => toResponse(await handler(toApiRequest(request)));
}

function toApiRequest(request: Request): ApiRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => request.headers.get(name) ?? undefined,
    text: () => readText(request),
    signal: request.signal,
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

function toResponse({ status, headers, body }: ApiReply): Response {
  return new Response(typeof body === "string" ? body : toByteStream(body), { status, headers });
}

/** One piece a pull: a caller who does not read is not read for. */
function toByteStream(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const step = await iterator.next();
      if (step.done) controller.close();
      else controller.enqueue(encoder.encode(step.value));
    },
    cancel() {
      // Not awaited: it would wait for the piece that is under way. The request's signal ends that one.
      void iterator.return?.()?.catch(() => {});
    },
  });
}
