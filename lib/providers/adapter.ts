import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import type { Deadlines } from "./deadlines";

/** How an upstream is reached. The key is the operator's secret: it goes into the SDK and nowhere else. */
export type Connection = {
  /** The provider's display name, e.g. `Google AI Studio`: what errors say. */
  provider: string;
  kind: ProviderKind;
  /** Without it, the SDK's own address. */
  baseUrl?: string;
  apiKey: string;
};

export type ProviderKind = "openai" | "openai-responses" | "anthropic" | "google" | `${EmbeddingKind}-embeddings`;

export type EmbeddingKind = "openai" | "anthropic" | "google";

export type ProviderCall = {
  /** Already freed of parameters that the endpoint does not support. */
  request: ChatRequest;
  /** The upstream's own name for the model, e.g. `claude-sonnet-4-5`. */
  upstreamModel: string;
  /** The most the upstream may generate, reasoning included; always sent, because the hold is only a bound if it is. */
  maxOutputTokens: number;
  /** Whether the model may think for minutes before it says a word; without it, whether the caller asked for that. */
  mayThink?: boolean;
  /** The endpoint's own, in milliseconds; without them, the usual ones. */
  deadlines?: Partial<Deadlines>;
  signal: AbortSignal;
  /** What an adapter of embeddings makes its answer of. */
  embed?: EmbedWish;
};

/**
 * One upstream. An adapter translates and nothing else: no database, no prices, no retries. It throws a
 * `ProviderError`, or the signal's reason. It streams where the caller asked for a stream; where he did not, it may
 * yield the whole answer as one chunk.
 */
export type ProviderAdapter = (call: ProviderCall) => AsyncIterable<ChatChunk>;
