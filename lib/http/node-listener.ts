import type { IncomingMessage, ServerResponse } from "node:http";
import { env } from "@/lib/env";
import { AppError, asAppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { type ApiHandler, type ApiReply, type ApiRequest, type Patience, usualPatience } from "./api-handler";
import { errorReply } from "./api-route";
import { mostBodyBytes, refuseEncoding, tooLarge } from "./body-limits";

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Mounts a handler on `node:http`, in front of Next's router: the same bytes for a tenth of the work. */
export function nodeListener(handler: ApiHandler, patience: Partial<Patience> = {}): NodeListener {
  const whole = { ...usualPatience, ...patience };
  return (message, response) => {
    void serve(handler, message, response, whole);
  };
}

const MOST_IN_FLIGHT = 5_000;

const inFlight = () => processWide("in-flight", () => ({ count: 0 }));

async function serve(
  handler: ApiHandler,
  message: IncomingMessage,
  response: ServerResponse,
  patience: Patience,
): Promise<void> {
  const gone = new AbortController();
  const load = inFlight();
  load.count++;
  response.on("error", () => {});
  const { socket } = message;
  let here = true;
  const leave = () => {
    if (!here) return;
    here = false;
    load.count--;
    socket.off("close", leave);
    if (!response.writableFinished) gone.abort(new AppError("invalid_request", "The caller went away."));
  };
  // A pipelined answer that never got the socket is told nothing of its end: only the socket's tells of it.
  socket.setMaxListeners(0);
  socket.on("close", leave);
  response.on("close", leave);
  try {
    const full = load.count > (env().MAX_REQUESTS_IN_FLIGHT ?? MOST_IN_FLIGHT);
    const reply = full ? errorReply(tooBusy(), handler.errorBody) : await handler(toApiRequest(message, gone.signal));
    await send(reply, message, response, { gone: gone.signal, ...patience });
  } catch (error) {
    fail(error, response, handler);
  }
}

/** Turned away at once, so that those who are served stay served. */
const tooBusy = () =>
  new AppError("service_unavailable", "The server has as many requests as it can carry. Try again in a moment.", {
    retryAfter: 1,
  });

function toApiRequest(message: IncomingMessage, signal: AbortSignal): ApiRequest {
  const [path = "/", query = ""] = (message.url ?? "/").split("?", 2);
  return {
    method: message.method ?? "GET",
    path,
    get query() {
      return new URLSearchParams(query);
    },
    header: (name) => message.headers[name.toLowerCase()] as string | undefined,
    text: () => readText(message),
    signal,
  };
}

async function readText(message: IncomingMessage): Promise<string> {
  refuseEncoding(message.headers["content-encoding"]);
  const most = mostBodyBytes(env());
  if (Number(message.headers["content-length"] ?? 0) > most) throw tooLarge(most);
  const body = await new Promise<Buffer>((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    message.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= most) pieces.push(piece);
      else reject(tooLarge(most));
    });
    message.on("end", () => resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)));
    const brokenOff = () => reject(new AppError("invalid_request", "The request ended before its body was complete."));
    message.on("error", brokenOff);
    message.on("close", () => {
      if (!message.complete) brokenOff();
    });
  });
  try {
    return strictUtf8.decode(body);
  } catch (error) {
    throw new AppError("invalid_request", "The request body is not UTF-8.", { cause: error });
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** Who reads the answer: a signal that he has gone, and how patient to be with him. */
type Reader = Patience & { gone: AbortSignal };

async function send(
  reply: ApiReply,
  message: IncomingMessage,
  response: ServerResponse,
  reader: Reader,
): Promise<void> {
  if (response.destroyed) return;
  // What was not read of a refused body would be taken for the next request.
  if (!message.complete) reply.headers.connection = "close";
  if (typeof reply.body === "string") {
    response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
    response.end(reply.body);
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.flushHeaders();
  const meanwhile = keepOpen(reply.meanwhile, response, reader);
  try {
    await pump(reply.body, response, reader, meanwhile);
  } finally {
    clearInterval(meanwhile);
  }
  response.end();
}

/** To a reader who is behind, nothing is sent that tells him nothing. */
function keepOpen(text: string | undefined, response: ServerResponse, { silence }: Reader): NodeJS.Timeout | undefined {
  if (text === undefined) return undefined;
  return setInterval(() => {
    if (!response.writableNeedDrain) response.write(text);
  }, silence);
}

/** Pieces that come in one turn of the event loop leave in one write; a full socket stops the reading. */
async function pump(
  pieces: AsyncIterable<string>,
  response: ServerResponse,
  reader: Reader,
  meanwhile: NodeJS.Timeout | undefined,
): Promise<void> {
  let corked = false;
  const uncork = () => {
    corked = false;
    response.uncork();
  };
  for await (const piece of pieces) {
    if (reader.gone.aborted) return;
    meanwhile?.refresh();
    if (!corked) {
      corked = true;
      response.cork();
      setImmediate(uncork);
    }
    if (!response.write(piece)) await drained(response, reader);
  }
}

function drained(response: ServerResponse, { gone, stalled }: Reader): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.req.socket.destroy(), stalled);
    const done = () => {
      clearTimeout(timer);
      response.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    response.on("drain", done);
    gone.addEventListener("abort", done);
  });
}

/** Before the head is out, the caller can still be told; after it, a cut connection says that the answer is not whole. */
function fail(error: unknown, response: ServerResponse, { errorBody }: ApiHandler): void {
  log().error({ err: error }, "an answer broke off");
  if (response.headersSent) return void response.destroy();
  const { status, headers, body } = errorReply(asAppError(error), errorBody);
  response.writeHead(status, headers);
  response.end(body as string);
}
