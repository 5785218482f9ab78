import type { Endpoint } from "@/lib/models/catalogue";
import { countPromptTokens, countTokens } from "@/lib/models/count-tokens";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { noTokens, type TokenUsage } from "@/lib/protocol/token-usage";
import type { Outcome } from "./generation";

type End = {
  outcome: Outcome;
  reported: TokenUsage | undefined;
  /** Everything that was generated, as far as we saw it. */
  text: string;
  /** Whether the upstream said why it stopped. */
  finished: boolean;
  request: ChatRequest;
  endpoint: Endpoint | undefined;
};

/**
 * What to bill. A provider's own count, an explicit zero too, goes before any of ours; where the caller hung up before
 * the end, the provider has not counted the last words, so what we saw of them counts if it is more.
 */
export async function finalUsage({ outcome, reported, text, finished, request, endpoint }: End): Promise<{
  usage: TokenUsage;
  source: "provider" | "estimate" | "none";
}> {
  if (!endpoint || (outcome === "failed" && !reported && text === "")) return { usage: noTokens, source: "none" };
  if (reported && (outcome !== "cancelled" || finished)) return { usage: reported, source: "provider" };
  const generated = text === "" ? 0 : await orByLength(countTokens(text), text.length);
  if (!reported) {
    const input = await orByLength(countPromptTokens(request), JSON.stringify(request.messages).length);
    return { usage: { ...noTokens, input, output: generated }, source: "estimate" };
  }
  const unseen = generated - reported.output - reported.reasoning;
  if (unseen <= 0) return { usage: reported, source: "provider" };
  return { usage: { ...reported, output: reported.output + unseen }, source: "estimate" };
}

/** A bill is written whatever happens to the counting. */
const orByLength = (count: Promise<number>, characters: number) => count.catch(() => Math.ceil(characters / 4));

const MOST_COUNT = 2 ** 31 - 1;

/** Usage as the log's columns hold it; a count beyond them is no count, and must not keep the bill from being written. */
export const toTokenColumns = (usage: TokenUsage) => ({
  inputTokens: Math.min(usage.input, MOST_COUNT),
  cacheReadTokens: Math.min(usage.cacheRead, MOST_COUNT),
  cacheWriteTokens: Math.min(usage.cacheWrite, MOST_COUNT),
  cacheWriteHourTokens: Math.min(usage.cacheWriteHour, MOST_COUNT),
  audioTokens: Math.min(usage.audio, MOST_COUNT),
  outputTokens: Math.min(usage.output, MOST_COUNT),
  reasoningTokens: Math.min(usage.reasoning, MOST_COUNT),
});
