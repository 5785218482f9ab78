import type { Attempt, RouteRecord } from "@/db/schema";
import { keepAlive, letGo, sweepHolds } from "@/lib/billing/heartbeat";
import { correctTokens } from "@/lib/billing/rates";
import { settle } from "@/lib/billing/settle";
import { asAppError, ProviderError } from "@/lib/errors";
import { health } from "@/lib/health/endpoint-health";
import type { Caller } from "@/lib/keys/authenticate";
import { log } from "@/lib/log";
import { noteToolCalls } from "@/lib/models/measured-tool-calls";
import { costOf } from "@/lib/models/price";
import type { Nanos } from "@/lib/money";
import type { Bill } from "@/lib/protocol/answer";
import type { ChatChunk, FinishReason } from "@/lib/protocol/chat-chunk";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { noTokens, promptTokens, type TokenUsage } from "@/lib/protocol/token-usage";
import { expectedTokens } from "./admit";
import { toolListener } from "./called-tools";
import { finalUsage, toTokenColumns } from "./final-usage";
import { measure } from "./measures";
import type { Route, Stop } from "./plan-route";
import type { Stickiness } from "./stickiness";

export type Outcome = "completed" | "cancelled" | "failed";

/** Where a request came from, as its headers tell. */
export type App = { url?: string; title?: string };

type Facts = {
  id: string;
  caller: Caller;
  request: ChatRequest;
  requestedModel: string;
  route: Route;
  held: Nanos;
  heldWithByok: Nanos;
  /** performance.now() when the request came in. */
  arrivedAt: number;
  app: App;
  attempts: Attempt[];
  /** Why it went where it did, for the log. */
  record: RouteRecord;
  stickiness: Stickiness;
  onEnd: () => void;
};

export type Generation = {
  /** The endpoint that answers: the only one that is billed. */
  answeredBy: (endpoint: Stop) => void;
  /** Notes what an upstream sent, before the caller sees it. */
  note: (chunk: ChatChunk) => void;
  /** Settles, once: whoever calls later gets the same bill. */
  end: (outcome: Outcome, error?: unknown) => Promise<Bill>;
  /** How it ended, once it has. */
  outcome: () => Outcome | undefined;
  finish: () => { reason: FinishReason | null; native: string | null };
};

/** Answers of fewer tokens than this are not measured. */
const LEAST_TOKENS = 10;

/** A generation that runs: meters what comes by, keeps the hold alive, and ends in exactly one bill. */
export function beginGeneration(facts: Facts): Generation {
  const { id, route } = facts;
  const [first] = route.endpoints;
  let endpoint: Stop | undefined;
  let reported: TokenUsage | undefined;
  let text = "";
  let firstTokenAt: number | undefined;
  let reason: FinishReason | null = null;
  let native: string | null = null;
  let ended: Promise<Bill> | undefined;
  let outcome: Outcome | undefined;
  const tools = toolListener(facts.request);

  const bill = (usage: TokenUsage, charged: boolean): Bill & { upstream: Nanos; wanted: Nanos } => {
    if (!endpoint)
      return { usage, isByok: false, cost: 0n, wanted: 0n, upstreamPrompt: 0n, upstreamCompletion: 0n, upstream: 0n };
    const cost = costOf(usage, endpoint.prices, route.size.images, route.markupOf(endpoint));
    const isByok = endpoint.own !== undefined;
    const wanted = charged ? atMost(cost.total) : 0n;
    return {
      ...cost,
      upstream: atMost(cost.upstream),
      usage,
      isByok,
      wanted,
      cost: wanted > facts.held ? facts.held : wanted,
    };
  };

  const row = (usage: TokenUsage) => ({
    requestedModel: facts.requestedModel,
    modelSlug: (endpoint ?? first).modelSlug,
    providerSlug: endpoint?.provider.slug,
    endpointId: endpoint?.id,
    upstreamModel: endpoint?.upstreamModel,
    streamed: facts.request.stream === true,
    ...toTokenColumns(usage),
    images: route.size.images,
    priceId: endpoint?.prices.id,
    markupBasisPoints: endpoint ? route.markupOf(endpoint) : 0,
    isByok: endpoint?.own !== undefined,
    sessionId: facts.request.session_id,
    externalUser: facts.request.user,
    appUrl: facts.app.url,
    appTitle: facts.app.title,
    route: facts.record,
  });

  /** Nothing is counted for a checkpoint: four characters a token, and what the upstream has said of its input. */
  const checkpoint = () => {
    // Until somebody answers there is nothing to charge for: he may fail yet, and another be asked.
    const answered = firstTokenAt !== undefined || reported !== undefined;
    const usage = {
      ...(reported ?? { ...noTokens, input: Math.ceil(route.size.bytes / 4) }),
      output: Math.max(reported?.output ?? 0, Math.ceil(text.length / 4) - (reported?.reasoning ?? 0)),
    };
    const { cost, isByok, upstream } = bill(usage, answered);
    return { cost, progress: { ...row(usage), byokUsageNano: isByok && answered ? upstream : 0n } };
  };

  const noteThroughput = (outcome: Outcome, ms: number, { output, reasoning }: TokenUsage) => {
    // What comes in one piece, and short answers, say little about speed.
    if (!endpoint || endpoint.own || outcome !== "completed" || !facts.request.stream) return;
    if (ms > 0 && output + reasoning >= LEAST_TOKENS)
      health().noteThroughput(endpoint.id, ((output + reasoning) * 1000) / ms);
  };

  const close = async (outcome: Outcome, error: unknown): Promise<Bill> => {
    facts.onEnd();
    const endedAt = performance.now();
    const { usage, source } = await finalUsage({
      outcome,
      reported,
      text,
      finished: reason !== null,
      request: facts.request,
      endpoint,
    });
    const empty = usage.output + usage.reasoning === 0 && reason === null;
    const result = bill(usage, outcome !== "failed" && reason !== "error" && !empty);
    const timing = {
      firstTokenMs: firstTokenAt === undefined ? null : Math.round(firstTokenAt - facts.arrivedAt),
      totalMs: Math.round(endedAt - facts.arrivedAt),
    };
    if (endpoint && route.endpoints.length > 1 && outcome !== "cancelled")
      facts.stickiness.note(endpoint, { completed: outcome === "completed", cacheRead: usage.cacheRead });
    noteThroughput(outcome, timing.totalMs - (timing.firstTokenMs ?? timing.totalMs), usage);
    const faulty = tools.faulty();
    if (endpoint && reason === "tool_calls" && faulty !== undefined) noteToolCalls(endpoint.id, faulty);
    const errorType = error === undefined ? null : asAppError(error).type;
    settle({
      id,
      ...row(usage),
      ...timing,
      outcome,
      errorType,
      finishReason: reason,
      nativeFinishReason: native,
      usageSource: source,
      costNano: result.wanted,
      upstreamCostNano: result.upstream,
      // His provider charges him for what it generated, however it ended here.
      byokUsageNano: result.isByok && source !== "none" ? result.upstream : 0n,
      attempts: facts.attempts.length > 0 ? facts.attempts : null,
    });
    if (facts.caller.countsTokens)
      correctTokens(facts.caller.keyId, {
        expected: expectedTokens(route),
        counted: promptTokens(usage) + usage.output + usage.reasoning,
        sinceMs: facts.arrivedAt,
      });
    // Not before: a shutdown waits for what runs, and then for what is being settled.
    letGo(id);
    report(facts, { outcome, errorType, endpoint, usage, source, result, ...timing });
    void sweepHolds();
    return result;
  };

  keepAlive({ id, checkpoint });

  return {
    answeredBy: (answering) => {
      endpoint = answering;
    },
    note: (chunk) => {
      if (endpoint && text.length > mostCharacters(endpoint))
        throw new ProviderError(
          endpoint.provider.name,
          "malformed",
          `${endpoint.provider.name} went on after as much as the model can say.`,
        );
      if (chunk.usage) reported = chunk.usage;
      for (const { index, delta, finish_reason, native_finish_reason } of chunk.choices) {
        firstTokenAt ??= performance.now();
        // One of several choices that failed does not make the others free.
        if (finish_reason && (finish_reason !== "error" || reason === null)) reason = finish_reason;
        if (native_finish_reason) native = native_finish_reason;
        if (delta.content) text += delta.content;
        if (delta.reasoning) text += delta.reasoning;
        if (delta.tool_calls) tools.note(index, delta.tool_calls);
        if (delta.tool_calls)
          for (const call of delta.tool_calls) text += (call.function.name ?? "") + (call.function.arguments ?? "");
      }
    },
    end: (how, error) => {
      outcome ??= how;
      return (ended ??= close(outcome, error));
    },
    outcome: () => outcome,
    finish: () => ({ reason, native }),
  };
}

/** No tokenizer has a longer token; below a mebibyte nobody minds. */
const LONGEST_TOKEN = 128;
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** So many characters an upstream may say before it is plain that it does not end. */
const mostCharacters = ({ maxOutput, contextLength }: Stop) =>
  Math.min(MOST_CHARACTERS, Math.max(1024 * 1024, (maxOutput ?? contextLength) * LONGEST_TOKEN));

/** What the database can hold. A provider that counts beyond it is paid the hold like any other that counts too much. */
const MOST_NANOS = 2n ** 63n - 1n;
const atMost = (amount: Nanos) => (amount < MOST_NANOS ? amount : MOST_NANOS);

type Report = {
  outcome: Outcome;
  errorType: string | null;
  endpoint: Stop | undefined;
  usage: TokenUsage;
  source: string;
  result: { cost: Nanos; wanted: Nanos; isByok: boolean; upstream: Nanos };
  firstTokenMs: number | null;
  totalMs: number;
};

function report(facts: Facts, { outcome, errorType, endpoint, usage, source, result, firstTokenMs, totalMs }: Report) {
  log().info({
    generation: facts.id,
    key: facts.caller.keyId,
    model: (endpoint ?? facts.route.endpoints[0]).modelSlug,
    provider: endpoint?.provider.slug,
    byok: endpoint?.own ? true : undefined,
    outcome,
    error: errorType ?? undefined,
    input: promptTokens(usage),
    output: usage.output + usage.reasoning,
    usage: source,
    cost_nano: result.cost.toString(),
    first_token_ms: firstTokenMs,
    total_ms: totalMs,
    attempts: facts.attempts.length + 1,
  });
  measure({
    ...{ model: (endpoint ?? facts.route.endpoints[0]).modelSlug, provider: endpoint?.provider.slug, outcome },
    ...{ input: promptTokens(usage), output: usage.output + usage.reasoning, charged: result.cost },
    ...{ paid: result.isByok || source === "none" ? 0n : result.upstream, overage: result.wanted - result.cost },
    ...{ firstTokenMs, totalMs },
  });
  const counted = result.cost + (result.isByok ? result.upstream : 0n);
  if (counted > facts.heldWithByok)
    log().error(
      { generation: facts.id, overage_nano: (counted - facts.heldWithByok).toString() },
      "a provider counted more than was reserved in the key's limit: the bound is wrong",
    );
  if (result.wanted > result.cost)
    log().error(
      { generation: facts.id, overage_nano: (result.wanted - result.cost).toString() },
      "a provider counted more than the hold was for: the bound is wrong, and the difference is the house's",
    );
}
