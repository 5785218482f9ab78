import { asAppError } from "@/lib/errors";
import { type ApiHandler, type ApiReply, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { readJson } from "@/lib/http/read-json";
import { authenticate, requireKind } from "@/lib/keys/authenticate";
import { parseChatRequest } from "@/lib/protocol/chat-request";
import { collect } from "@/lib/protocol/collect";
import { DONE, eventWriter, PROCESSING, type Stamp, toWireUsage } from "@/lib/protocol/wire";
import { type Completion, complete } from "./complete";
import type { App } from "./generation";
import { newGenerationId } from "./generation-id";
import { ownKeys } from "./own-keys";

/** While no word has come for this long, a comment keeps the connection open. */
const PROCESSING_MS = 10_000;

/** POST /api/v1/chat/completions */
export const chatCompletions: ApiHandler = apiRoute(async (request) => {
  const arrivedAt = performance.now();
  const caller = await authenticate(request.header);
  requireKind(caller, "inference");
  const chatRequest = parseChatRequest(await readJson(request));
  chatRequest.session_id ??= request.header("x-session-id")?.slice(0, 256);
  const own = ownKeys(caller, request.header("x-provider-api-keys"));
  const id = newGenerationId();
  const told = wantsMetadata(request.header);
  const completion = complete(chatRequest, {
    id,
    caller,
    own,
    signal: request.signal,
    arrivedAt,
    app: appOf(request.header),
  });
  const started = told ? completion : completion.then((begun) => ({ ...begun, metadata: undefined }));
  const headers = { "x-generation-id": id };
  if (chatRequest.stream) return streamedReply(started, headers, { id, model: chatRequest.model ?? "" });
  return jsonReply(await whole(await started), 200, headers);
});

const wantsMetadata = (header: (name: string) => string | undefined): boolean =>
  (header("x-openrouter-metadata") ?? header("x-openrouter-experimental-metadata"))?.toLowerCase() === "enabled";

function appOf(header: (name: string) => string | undefined): App {
  return {
    url: header("http-referer")?.slice(0, 512) ?? header("referer")?.slice(0, 512),
    title: (header("x-openrouter-title") ?? header("x-title"))?.slice(0, 128),
  };
}

type Told = Omit<Completion, "metadata"> & { metadata?: object };

async function whole({ stamp, chunks, generation, metadata }: Told) {
  try {
    const { choices, ...rest } = await collect(chunks);
    const bill = await generation.end("completed");
    return {
      ...wholeHead(stamp),
      ...rest,
      choices,
      usage: toWireUsage(bill),
      ...(metadata && { openrouter_metadata: metadata }),
    };
  } catch (error) {
    await generation.end("failed", error);
    throw error;
  }
}

const wholeHead = ({ id, created, model, provider }: Stamp) => ({
  id,
  object: "chat.completion",
  created,
  model,
  provider,
});

/** Until the first word, a failure is an ordinary JSON error; but a caller is not left in silence for ever. */
async function streamedReply(started: Promise<Told>, headers: Record<string, string>, asked: Asked): Promise<ApiReply> {
  const first = await orSilence(started);
  return {
    status: 200,
    headers: {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    },
    body: first ? events(first) : awaited(started, asked),
  };
}

type Asked = { id: string; model: string };

async function orSilence<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PROCESSING_MS, undefined);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}

async function* awaited(started: Promise<Told>, { id, model }: Asked): AsyncGenerator<string> {
  try {
    let completion: Told | undefined;
    do {
      yield PROCESSING;
      completion = await orSilence(started);
    } while (!completion);
    yield* events(completion);
  } catch (error) {
    yield eventWriter({ id, model, provider: "", created: Math.floor(Date.now() / 1000) }).error(asAppError(error)) +
      DONE;
  }
}

async function* events({ stamp, chunks, generation, metadata }: Told): AsyncGenerator<string> {
  const write = eventWriter(stamp);
  try {
    for await (const chunk of chunks) yield write.chunk(chunk);
    const bill = await generation.end("completed");
    const { reason, native } = generation.finish();
    yield write.usage(bill, reason, native, metadata) + DONE;
  } catch (error) {
    await generation.end("failed", error);
    yield write.error(asAppError(error)) + DONE;
  }
}
