import { type TokenUsage, tokenCount } from "@/lib/protocol/token-usage";
import { isObject } from "../upstream-complaint";

/** Gemini's totals so far: its prompt includes what was cached, its candidates do not include the thoughts. */
export function readUsage(usage: unknown): TokenUsage | undefined {
  if (!isObject(usage)) return undefined;
  const count = (name: string) => tokenCount(usage[name]) ?? 0;
  const prompt = count("promptTokenCount");
  const cacheRead = Math.min(prompt, count("cachedContentTokenCount"));
  return {
    input: prompt - cacheRead + count("toolUsePromptTokenCount"),
    cacheRead,
    cacheWrite: 0,
    cacheWriteHour: 0,
    output: count("candidatesTokenCount"),
    reasoning: count("thoughtsTokenCount"),
  };
}
