import type { Endpoint } from "@/lib/models/catalogue";
import { countPromptTokens, countTokens } from "@/lib/models/count-tokens";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { noTokens, type TokenUsage } from "@/lib/protocol/token-usage";
import type { Outcome } from "./generation";

/**
 * What to bill. A provider's own count, an explicit zero too, goes before any of ours; where the caller hung up, the
 * provider may not have counted the last words, so what we saw of them counts if it is more.
 */
export async function finalUsage(
  outcome: Outcome,
  reported: TokenUsage | undefined,
  text: string,
  request: ChatRequest,
  endpoint: Endpoint | undefined,
): Promise<{ usage: TokenUsage; source: "provider" | "estimate" | "none" }> {
  if (!endpoint || (outcome === "failed" && !reported && text === "")) return { usage: noTokens, source: "none" };
  if (reported && outcome !== "cancelled") return { usage: reported, source: "provider" };
  const generated = text === "" ? 0 : await countTokens(text);
  if (!reported)
    return { usage: { ...noTokens, input: await countPromptTokens(request), output: generated }, source: "estimate" };
  const unseen = generated - reported.output - reported.reasoning;
  if (unseen <= 0) return { usage: reported, source: "provider" };
  return { usage: { ...reported, output: reported.output + unseen }, source: "estimate" };
}

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
