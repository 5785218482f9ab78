import { type AppError, asAppError } from "@/lib/errors";
import { type ApiHandler, type ApiReply, jsonReply, usualPatience } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { readJson } from "@/lib/http/read-json";
import { authenticate, type Caller, requireKind } from "@/lib/keys/authenticate";
import type { Ending } from "@/lib/protocol/answer";
import type { Door, Question } from "@/lib/protocol/door";
import { withAccountDefaults } from "./account-routing";
import { type Completion, complete } from "./complete";
import type { App } from "./generation";
import { newGenerationId } from "./generation-id";
import { idempotencyKeyOf, keptReply } from "./kept/reply";
import { ownKeys } from "./own-keys";
import { withPreset } from "./presets";
import { keptPrompt } from "./prompt-log";
import { cacheWish, findHit, keptOnEnd, missHeaders, serveHit } from "./response-cache";

/** What keeps the connection open while no word comes; its wording is known to clients. */
export const PROCESSING = ": OPENROUTER PROCESSING\n\n";

/** Serves completions through a door: who asks, what it costs and how it ends is the same for all of them. */
export const serve = (door: Door): ApiHandler =>
  apiRoute(async (request) => {
    const arrivedAt = performance.now();
    const caller = await authenticate(request.header);
    requireKind(caller, "inference");
    const body = await readJson(request);
    const question = door.read(body, request.header);
    const id = newGenerationId();
    const { header, path } = request;
    const work = (signal: AbortSignal) => answer({ id, caller, question, body, header, path, signal, arrivedAt });
    const idempotencyKey = idempotencyKeyOf(request);
    const resumable = question.request.stream && wantsToResume(header) ? id : undefined;
    if (idempotencyKey === undefined && resumable === undefined) return (await work(request.signal)).reply;
    return keptReply(request, caller, body, { idempotencyKey, resumable }, work, door.errorBody);
  }, door.errorBody);

type Answering = {
  id: string;
  caller: Caller;
  question: Question;
  body: unknown;
  path: string;
  header: (name: string) => string | undefined;
  signal: AbortSignal;
  arrivedAt: number;
};

async function answer({ id, caller, question, body, header, path, signal, arrivedAt }: Answering) {
  const { request: filled, preset } = question.embed
    ? { request: question.request, preset: undefined }
    : await withPreset(question.request, caller.accountId);
  const asked = withAccountDefaults(filled, caller.routing);
  const wish = cacheWish(header, asked, caller, [path, body, header("anthropic-beta"), caller.routing]);
  const hit = wish && (await findHit(wish));
  asked.session_id ??= header("x-session-id")?.slice(0, 256);
  const own = ownKeys(caller, header("x-provider-api-keys"));
  const told = wantsMetadata(header);
  const context = { id, caller, own, signal, arrivedAt, app: appOf(header), embed: question.embed, preset };
  const begun = hit
    ? serveHit(hit, { ...context, asked })
    : complete(asked, context).then((begun) => (wish ? keptOnEnd(begun, wish, caller) : begun));
  const started = keptPrompt(id, caller, asked, begun).then(
    (begun): Told => (told ? begun : { ...begun, metadata: undefined }),
    (error: unknown) => {
      const failure = asAppError(error);
      throw Object.assign(withRouting(failure, told ? failure.routing : undefined), { generation: id });
    },
  );
  const failed = () =>
    started.then(
      ({ generation }) => generation.outcome() === "failed",
      () => true,
    );
  const reply = asked.stream
    ? await streamedReply(started, question, { id, model: asked.model ?? "" })
    : jsonReply(await whole(await started, question), 200, idHeaders(id));
  if (wish) Object.assign(reply.headers, hit?.headers ?? missHeaders(wish));
  return { reply, failed };
}

/** Under OpenRouter's name, and under the one that Anthropic's SDK looks for. */
const idHeaders = (id: string) => ({ "x-generation-id": id, "request-id": id });

const wantsMetadata = (header: (name: string) => string | undefined): boolean =>
  (header("x-openrouter-metadata") ?? header("x-openrouter-experimental-metadata"))?.toLowerCase() === "enabled";

const wantsToResume = (header: (name: string) => string | undefined): boolean =>
  header("x-openrouter-resumable")?.trim().toLowerCase() === "true";

/** What we did not expect is masked, and so is where it happened. */
const withRouting = (error: AppError, routing: object | undefined): AppError =>
  Object.assign(error, { routing: error.type === "server" ? undefined : routing });

function appOf(header: (name: string) => string | undefined): App {
  return {
    url: header("http-referer")?.slice(0, 512) ?? header("referer")?.slice(0, 512),
    title: (header("x-openrouter-title") ?? header("x-title"))?.slice(0, 128),
  };
}

type Told = Omit<Completion, "metadata"> & { metadata?: object };

async function whole({ stamp, chunks, generation, metadata }: Told, { fold }: Question): Promise<object> {
  try {
    const body = await fold(chunks, stamp);
    return body(await endOf({ generation, metadata }));
  } catch (error) {
    await generation.end("failed", error);
    throw error;
  }
}

async function endOf({ generation, metadata }: Pick<Told, "generation" | "metadata">): Promise<Ending> {
  const bill = await generation.end("completed");
  return { bill, ...generation.finish(), metadata };
}

/** Until the first word, a failure is an ordinary JSON error; but a caller is not left in silence for ever. */
async function streamedReply(started: Promise<Told>, question: Question, asked: Asked): Promise<ApiReply> {
  const first = await orSilence(started);
  return {
    status: 200,
    headers: {
      ...idHeaders(asked.id),
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    },
    body: first ? events(first, question) : awaited(started, question, asked),
    meanwhile: PROCESSING,
  };
}

type Asked = { id: string; model: string };

async function orSilence<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, usualPatience.silence, undefined);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}

async function* awaited(started: Promise<Told>, question: Question, asked: Asked): AsyncGenerator<string> {
  try {
    yield PROCESSING;
    yield* events(await started, question);
  } catch (error) {
    const nobody = { ...asked, provider: "", created: Math.floor(Date.now() / 1000) };
    yield question.writer(nobody).error(asAppError(error));
  }
}

async function* events({ stamp, chunks, ...told }: Told, { writer }: Question): AsyncGenerator<string> {
  const write = writer(stamp);
  try {
    for await (const chunk of chunks) {
      const text = write.chunk(chunk);
      if (text) yield text;
    }
    yield write.end(await endOf(told));
  } catch (error) {
    await told.generation.end("failed", error);
    yield write.error(withRouting(asAppError(error), told.metadata));
  }
}
