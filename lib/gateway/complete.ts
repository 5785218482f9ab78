import type { Attempt, PipelineStep } from "@/db/schema";
import { AppError, asAppError, ProviderError } from "@/lib/errors";
import { health } from "@/lib/health/endpoint-health";
import type { Caller } from "@/lib/keys/authenticate";
import { currentCatalogue } from "@/lib/models/catalogue";
import { type Requested, requestedModels } from "@/lib/models/requested-models";
import type { Stamp } from "@/lib/protocol/answer";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { type ChatRequest, hidesReasoning, inOurWords } from "@/lib/protocol/chat-request";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import { autoRouterSettings, mayLoseItsMiddle, wantsHealing } from "@/lib/protocol/plugins";
import { adapterFor } from "@/lib/providers";
import { billsOn } from "@/lib/providers/bills-on";
import { accountFilters } from "./account-routing";
import { admit } from "./admit";
import { deadlinesFor } from "./deadlines";
import { atLastCall } from "./draining";
import { type Answer, firstAnswer } from "./first-answer";
import { fitContext } from "./fit-context";
import { type App, beginGeneration, type Generation } from "./generation";
import { guardrailFilters } from "./guardrail-filters";
import { healedAnswer } from "./heal-answer";
import { hearOut, mayHearOut } from "./hear-out";
import type { OwnKey } from "./own-keys";
import { type Excluded, planRoute, type Route, type Stop } from "./plan-route";
import { annotated, withFilesRead } from "./read-files";
import { failedRouteMetadata, noRouteMetadata, routeMetadata, routeRecord, whyNoneAnswered } from "./route-metadata";
import { stickinessOf } from "./stickiness";
import { supportedRequest, supportedWish } from "./supported-request";

/** An answer that has begun. Reading `chunks` to the end, or `end`, settles it. */
export type Completion = { stamp: Stamp; chunks: AsyncIterable<ChatChunk>; generation: Generation; metadata: object };

type Context = {
  id: string;
  caller: Caller;
  /** The caller's own keys for providers, in the order to try them. */
  own: readonly OwnKey[];
  signal: AbortSignal;
  arrivedAt: number;
  app: App;
  /** The messages are inputs, and each is to become an embedding. */
  embed?: EmbedWish;
  /** The preset that the request was filled in from, and the model's name as the caller wrote it. */
  preset?: { id: string; askedFor: string };
};

/**
 * The life of one completion: find the models, plan a route, hold the most it may cost, open endpoints until one
 * answers, meter what it says, and settle what it did cost, however it ends.
 */
export async function complete(
  asked: ChatRequest,
  { id, caller, own, signal, arrivedAt, app, embed, preset }: Context,
): Promise<Completion> {
  const models = [...(asked.model ? [asked.model] : []), ...(asked.models ?? [])];
  const names = preset ? [preset.askedFor, ...models.slice(1)] : models;
  const stickiness = stickinessOf(asked, caller.accountId);
  const requested = requestedModels(
    await currentCatalogue(),
    models,
    caller.allowedModels,
    autoRouterSettings(asked.plugins),
  );
  const excluding = [...accountFilters(caller.routing ?? {}), ...guardrailFilters(caller.guardrail)];
  const healing = wantsHealing(asked);
  const read = await withFilesRead(
    // What is given back in an upstream's own words is nothing that could be mended.
    healing ? inOurWords(asked) : asked,
    requested.requested.map(({ model }) => model),
  );
  const { request, route, pipeline } = await fitContext(
    read.request,
    (request, roomiest) =>
      routed(names, () =>
        planRoute(requested, request, own, Math.random, stickiness.stuckTo, embed, roomiest, excluding),
      ),
    // Of inputs to embed none may be missing.
    embed ? false : mayLoseItsMiddle(asked),
  );
  const requestedModel = names[0] ?? "";
  const progress = { requestedModel, modelSlug: route.endpoints[0].modelSlug, streamed: request.stream === true };
  const attempts: Attempt[] = [];
  let opened: Stop | undefined;
  /** What the caller learns of a failure beside its words. */
  const told = (error: unknown) => {
    const failure = asAppError(error);
    failure.routing ??= failedRouteMetadata(failure, { names, route, attempts }, opened);
    failure.availability ??= whyNoneAnswered(failure, { names: models, route, attempts });
    return failure;
  };
  const free = isFree(requested.requested) && own.length === 0;
  const admission = admit(request, route, { id, caller, progress, free });
  const { endpoints, held, heldWithByok, outputCap } = await admission.catch((error) => Promise.reject(told(error)));

  const upstream = new AbortController();
  pipeline.unshift(...read.pipeline);
  const record = routeRecord(names, route, preset?.id, pipeline);
  const generation = beginGeneration({
    ...{ id, caller, request, requestedModel, route, held, heldWithByok, arrivedAt, app, attempts, stickiness },
    record,
    onEnd: () => tie.release(),
  });
  const deadlines = deadlinesFor(request);
  const progressed: Progressed = {};
  const tie = tieToCaller(request, signal, upstream, generation, progressed);
  tie.endAfter(Math.max(...endpoints.map((endpoint) => deadlines(endpoint).total)));
  const open = (endpoint: Stop, signal: AbortSignal) => {
    opened = endpoint;
    generation.answeredBy(endpoint);
    progressed.asked = endpoint;
    const { name, kind } = endpoint.provider;
    const credential = endpoint.own
      ? { apiKey: endpoint.own.reveal(), baseUrl: endpoint.provider.address }
      : endpoint.provider.credential;
    if (!credential) throw new AppError("not_found", `${name} has no key on this server.`);
    const wire = embed ? (`${kind}-embeddings` as const) : (endpoint.wire ?? kind);
    return adapterFor({ provider: name, kind: wire, ...credential })({
      request: supportedRequest(request, endpoint),
      upstreamModel: endpoint.upstreamModel,
      maxOutputTokens: outputCap(endpoint),
      mayThink: endpoint.model.reasoning,
      deadlines: deadlines(endpoint),
      signal,
      embed: embed && supportedWish(embed, endpoint),
    });
  };

  try {
    const calling = { open, deadlines, streamed: request.stream === true, signal: upstream.signal };
    // What comes in one piece has no first word that could be late.
    const hedge = calling.streamed && (request.provider?.hedge ?? endpoints.some(({ model }) => model.hedge));
    progressed.answer = firstAnswer(endpoints, { ...calling, caller: signal, attempts, hedge });
    const answer = await progressed.answer;
    generation.answeredBy(answer.endpoint);
    opened = answer.endpoint;
    progressed.asked = answer.endpoint;
    tie.endAfter(deadlines(answer.endpoint).total);
    for (const chunk of answer.opening) generation.note(chunk);
    const stamp = {
      id,
      created: Math.floor(Date.now() / 1000),
      model: answer.endpoint.modelSlug,
      provider: answer.endpoint.provider.name,
    };
    const metadata: { pipeline?: PipelineStep[] } = routeMetadata({
      names,
      route,
      answering: answer.endpoint,
      attempts,
      pipeline,
    });
    const said = metered(answer, generation, {
      hidden: hidesReasoning(request),
      signal: upstream.signal,
      hangUp: tie.hangUp,
    });
    const chunks = read.annotations.length > 0 ? annotated(said, read.annotations) : said;
    if (!healing) return { metadata, stamp, chunks, generation };
    const healed = healedAnswer(chunks, (step) => {
      metadata.pipeline = record.pipeline = [...pipeline, step];
    });
    return { metadata, stamp, chunks: healed, generation };
  } catch (error) {
    await generation.end(request.stream && signal.aborted ? "cancelled" : "failed", error);
    throw told(error);
  }
}

const isFree = (requested: readonly Requested[]) =>
  requested.every(({ model, free }) => free || model.slug.endsWith(":free"));

/** @throws what planning throws, with what a caller may learn of it */
function routed(names: readonly string[], plan: () => Route): Route {
  try {
    return plan();
  } catch (error) {
    const failure = asAppError(error);
    const excluded = failure.metadata.excluded as Excluded[] | undefined;
    if (excluded) failure.routing = noRouteMetadata(failure, names, excluded);
    throw failure;
  }
}

/** How far a request has come: the endpoint that was asked last, and what the first that answers says. */
type Progressed = { asked?: Stop; answer?: Promise<Answer> };

/** So much later than the endpoint's own deadline, which says whose fault it was, a whole answer is given up for the request. */
const AFTER_THE_ENDPOINT_MS = 1_000;

/**
 * A caller who hangs up on a stream ends it upstream too, and pays for what was generated; where the provider would
 * charge for all of it, it is heard to its end. A whole answer is finished, whoever still waits for it. What takes too
 * long is broken off: a stream is paid for as far as it came, a whole answer not at all; `endAfter` says how many
 * milliseconds from the beginning it may take.
 */
function tieToCaller(
  request: ChatRequest,
  caller: AbortSignal,
  upstream: AbortController,
  generation: Generation,
  progressed: Progressed,
) {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const breakOff = (error: AppError) => {
    upstream.abort(error);
    // Or whoever reads slowly enough would have it for nothing.
    if (request.stream) void generation.end("cancelled", error);
  };
  const takeBack = atLastCall(breakOff);
  const late = (most: number) =>
    breakOff(
      new AppError("timeout", `The answer took longer than ${inWords(most)}.`, { metadata: { phase: "total" } }),
    );
  const abort = () => upstream.abort(caller.reason);
  let hungUp = false;
  const hangUp = () => {
    if (hungUp) return;
    hungUp = true;
    const { asked, answer } = progressed;
    if (asked && answer && billsOn(asked.provider.slug) && mayHearOut()) return void hearOut(answer, generation, abort);
    abort();
    void generation.end("cancelled");
  };
  if (request.stream) caller.addEventListener("abort", hangUp, { once: true });
  // Not at once: what this function returns is called at the end, which must not come before it.
  if (request.stream && caller.aborted) queueMicrotask(hangUp);
  const endAfter = (most: number) => {
    clearTimeout(timer);
    const left = startedAt + most + (request.stream ? 0 : AFTER_THE_ENDPOINT_MS) - performance.now();
    timer = setTimeout(late, Math.max(0, left), most);
  };
  const release = () => {
    clearTimeout(timer);
    takeBack();
    caller.removeEventListener("abort", hangUp);
  };
  return { endAfter, release, hangUp };
}

const inWords = (ms: number) => (ms < 60_000 ? `${ms / 1000} seconds` : `${Math.round(ms / 6_000) / 10} minutes`);

/**
 * One generator for what was read already and what comes: on this path each more of them is paid for by every chunk.
 * Who stops reading it has hung up, whether a signal tells of that or not.
 */
async function* metered(
  { endpoint, opening, rest, watch }: Answer,
  generation: Generation,
  { hidden, signal, hangUp }: { hidden: boolean; signal: AbortSignal; hangUp: () => void },
): AsyncGenerator<ChatChunk> {
  const shown = (chunk: ChatChunk) => {
    // The bill is closed: what was read from the upstream since is given to nobody.
    signal.throwIfAborted();
    return hidden ? withoutReasoning(chunk) : chunk;
  };
  let over = false;
  try {
    for (const read of opening) {
      const chunk = shown(read);
      if (chunk.choices.length > 0 || chunk.native) yield chunk;
    }
    for (;;) {
      watch.listen();
      const step = await rest.next();
      watch.heard();
      if (step.done) break;
      const chunk = shown(step.value);
      generation.note(step.value);
      if (chunk.choices.length > 0 || chunk.native) yield chunk;
    }
    over = true;
  } catch (error) {
    over = true;
    if (error instanceof ProviderError && !endpoint.own) health().brokeOff(endpoint, error);
    // Where it was not the upstream that broke off.
    void rest.return?.();
    throw error;
  } finally {
    if (!over) hangUp();
    // One that is heard to its end may still take too long.
    if (over || signal.aborted) watch.stop();
  }
}

/** The chunk for a caller who wants no reasoning: a choice that said nothing else is left out. */
function withoutReasoning(chunk: ChatChunk): ChatChunk {
  const choices = chunk.choices
    .filter(({ delta }) => delta.reasoning || delta.reasoning_details)
    .map(({ delta: { reasoning: _text, reasoning_details: _details, ...delta }, ...choice }) => ({ ...choice, delta }));
  if (choices.length === 0) return chunk;
  const untouched = chunk.choices.filter(({ delta }) => !delta.reasoning && !delta.reasoning_details);
  const telling = choices.filter(({ delta, finish_reason }) => finish_reason || Object.keys(delta).length > 0);
  return { ...chunk, choices: [...untouched, ...telling].sort((a, b) => a.index - b.index) };
}
