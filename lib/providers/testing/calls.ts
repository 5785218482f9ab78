import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { parseChatRequest } from "@/lib/protocol/chat-request";
import type { ProviderAdapter, ProviderCall } from "../adapter";

/** A call for a request body as a client would send it; one message of a user, if it says no other. */
export function callOf(
  body: Record<string, unknown> = {},
  upstreamModel = "a-model",
  more: Partial<ProviderCall> = {},
): ProviderCall {
  return {
    request: parseChatRequest({ model: "some/model", messages: [{ role: "user", content: "Hello" }], ...body }),
    upstreamModel,
    maxOutputTokens: 4_000,
    signal: new AbortController().signal,
    ...more,
  };
}

export async function collectChunks(chunks: AsyncIterable<ChatChunk>): Promise<ChatChunk[]> {
  const all: ChatChunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

/** What a call fails with, and the chunks that came before. */
export async function failureAfter(
  adapter: ProviderAdapter,
  call: ProviderCall,
): Promise<{ error: unknown; chunks: ChatChunk[] }> {
  const chunks: ChatChunk[] = [];
  try {
    for await (const chunk of adapter(call)) chunks.push(chunk);
  } catch (error) {
    return { error, chunks };
  }
  throw new Error(`the call succeeded with ${JSON.stringify(chunks)}`);
}

export const textOf = (chunks: ChatChunk[]) => chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");

/** What counts: the last one. */
export const usageOf = (chunks: ChatChunk[]) => chunks.findLast(({ usage }) => usage)?.usage;

export const finishOf = (chunks: ChatChunk[]) =>
  chunks.flatMap(({ choices }) => choices).find(({ finish_reason }) => finish_reason);
