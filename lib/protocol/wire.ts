import { type AppError, toErrorBody } from "@/lib/errors";
import { type Nanos, usdNumber } from "@/lib/money";
import type { ChatChoice, ChatChunk, FinishReason } from "./chat-chunk";
import { completionTokens, promptTokens, type TokenUsage } from "./token-usage";

/** What is the same on every chunk of one answer, and on its whole. */
export type Stamp = {
  id: string;
  /** Unix seconds. */
  created: number;
  /** The model that serves, which a fallback or an alias may have made another than the one asked for. */
  model: string;
  /** The provider's display name. */
  provider: string;
};

export type Bill = {
  usage: TokenUsage;
  /** What the account is charged. */
  cost: Nanos;
  /** Asked with the caller's own key: his provider charges him `upstream`, and the cost is the fee. */
  isByok: boolean;
  upstream: Nanos;
  upstreamPrompt: Nanos;
  upstreamCompletion: Nanos;
};

/** OpenRouter's usage. The details are always whole: clients read numbers from them without asking. */
export function toWireUsage({ usage, cost, isByok, upstream, upstreamPrompt, upstreamCompletion }: Bill) {
  return {
    prompt_tokens: promptTokens(usage),
    completion_tokens: completionTokens(usage),
    total_tokens: promptTokens(usage) + completionTokens(usage),
    cost: usdNumber(cost),
    is_byok: isByok,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWriteHour,
      audio_tokens: usage.audio,
      video_tokens: 0,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, image_tokens: 0, audio_tokens: 0 },
    cost_details: {
      upstream_inference_cost: isByok ? usdNumber(upstream) : null,
      upstream_inference_prompt_cost: usdNumber(upstreamPrompt),
      upstream_inference_completions_cost: usdNumber(upstreamCompletion),
    },
  };
}

export const DONE = "data: [DONE]\n\n";
/** A comment that keeps a waiting connection open; its wording is known to clients. */
export const PROCESSING = ": OPENROUTER PROCESSING\n\n";

/** Writes chunks as server-sent events. What is the same on each is made into text once. */
export function eventWriter({ id, created, model, provider }: Stamp) {
  const head = `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created, model, provider }).slice(0, -1)},`;
  const event = (rest: string) => `${head}${rest}}\n\n`;
  return {
    chunk(chunk: ChatChunk): string {
      let rest = `"choices":${JSON.stringify(chunk.choices)}`;
      if (chunk.service_tier) rest += `,"service_tier":${JSON.stringify(chunk.service_tier)}`;
      if (chunk.system_fingerprint) rest += `,"system_fingerprint":${JSON.stringify(chunk.system_fingerprint)}`;
      return event(rest);
    },
    /** The last event: one choice with an empty delta, because some clients drop usage that comes without a choice. */
    usage(bill: Bill, finish: FinishReason | null, native: string | null, metadata?: object): string {
      const choices = [
        { index: 0, delta: { role: "assistant", content: "" }, finish_reason: finish, native_finish_reason: native },
      ];
      const told = metadata ? `,"openrouter_metadata":${JSON.stringify(metadata)}` : "";
      return event(`"choices":${JSON.stringify(choices)},"usage":${JSON.stringify(toWireUsage(bill))}${told}`);
    },
    error(error: AppError): string {
      const choices: ChatChoice[] = [
        { index: 0, delta: { content: "" }, finish_reason: "error", native_finish_reason: null },
      ];
      return event(`"error":${JSON.stringify(toErrorBody(error).error)},"choices":${JSON.stringify(choices)}`);
    },
  };
}
