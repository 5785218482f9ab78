import type { TokenUsage } from "./token-usage";

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "error";

export type ReasoningFormat = "openai-responses-v1" | "anthropic-claude-v1" | "google-gemini-v1" | "unknown";

type ReasoningOrigin = { id?: string | null; format?: ReasoningFormat | null; index?: number };

export type ReasoningDetail = ReasoningOrigin &
  (
    | { type: "reasoning.text"; text?: string | null; signature?: string | null }
    | { type: "reasoning.summary"; summary: string }
    | { type: "reasoning.encrypted"; data: string }
  );

/** The first delta of a call has `id`, `type` and `function.name`; later ones only more of `arguments`. */
export type ToolCallDelta = {
  index: number;
  id?: string;
  type?: "function";
  function: { name?: string; arguments?: string };
};

export type ChatDelta = {
  role?: "assistant";
  content?: string | null;
  refusal?: string | null;
  reasoning?: string | null;
  reasoning_details?: ReasoningDetail[];
  tool_calls?: ToolCallDelta[];
  images?: { type?: "image_url"; image_url: { url: string } }[];
  audio?: { id?: string; data?: string; transcript?: string; expires_at?: number };
  annotations?: Record<string, unknown>[];
};

export type ChatChoice = {
  index: number;
  delta: ChatDelta;
  finish_reason: FinishReason | null;
  /** The upstream's own word for it. */
  native_finish_reason: string | null;
  logprobs?: { content?: unknown[] | null; refusal?: unknown[] | null } | null;
};

/**
 * What flows inside: OpenAI's chunk with OpenRouter's fields, not yet stamped with id, model and time, which are
 * the same on every chunk and are added once on the way out.
 *
 * An upstream answer that was not streamed is one chunk whose delta is the whole message. Usage may come on any
 * chunk and more than once; the last one counts.
 */
export type ChatChunk = {
  choices: ChatChoice[];
  /** One for each input, in their order: the whole answer of a model that embeds. */
  embeddings?: Embedding[];
  usage?: TokenUsage;
  service_tier?: string;
  system_fingerprint?: string;
  /** The upstream's own event, or its whole answer, for a caller who speaks its dialect; then it may say nothing else. */
  native?: Record<string, unknown>;
};

/** Numbers, or the base64 of them as 32-bit floats, the least significant byte first. */
export type Embedding = number[] | string;

export const deltaChunk = (delta: ChatDelta, index = 0): ChatChunk => ({
  choices: [{ index, delta, finish_reason: null, native_finish_reason: null }],
});

export const finishChunk = (reason: FinishReason, native: string | null, index = 0): ChatChunk => ({
  choices: [{ index, delta: {}, finish_reason: reason, native_finish_reason: native }],
});
