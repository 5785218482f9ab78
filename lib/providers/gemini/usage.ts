import { type TokenUsage, tokenCount } from "@/lib/protocol/token-usage";
import { isObject } from "../upstream-complaint";

/** Gemini's totals so far: its prompt includes what was cached, its candidates do not include the thoughts. */
export function readUsage(usage: unknown): TokenUsage | undefined {
  if (!isObject(usage)) return undefined;
  const count = (name: string) => tokenCount(usage[name]) ?? 0;
  const prompt = count("promptTokenCount");
  const cacheRead = Math.min(prompt, count("cachedContentTokenCount"));
  const fresh = prompt - cacheRead;
  const cachedAudio = audioTokens(usage.cacheTokensDetails);
  const audio = Math.min(fresh, Math.max(0, audioTokens(usage.promptTokensDetails) - cachedAudio));
  return {
    input: fresh - audio + count("toolUsePromptTokenCount"),
    cacheRead,
    cacheWrite: 0,
    cacheWriteHour: 0,
    audio,
    output: count("candidatesTokenCount"),
    reasoning: count("thoughtsTokenCount"),
  };
}

const audioTokens = (details: unknown): number =>
  Array.isArray(details)
    ? details.reduce(
        (sum, part) => sum + (isObject(part) && part.modality === "AUDIO" ? (tokenCount(part.tokenCount) ?? 0) : 0),
        0,
      )
    : 0;
