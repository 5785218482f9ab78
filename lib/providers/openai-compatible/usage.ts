import { type TokenUsage, tokenCount } from "@/lib/protocol/token-usage";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";

/** OpenAI's counts overlap: cached tokens are part of the prompt's, reasoning is part of the completion's. */
export function readUsage(usage: unknown): TokenUsage | undefined {
  if (!isObject(usage)) return undefined;
  const prompt = tokenCount(usage.prompt_tokens);
  const completion = tokenCount(usage.completion_tokens);
  if (prompt === undefined && completion === undefined) return undefined;
  const inPrompt = objectOf(usage.prompt_tokens_details);
  const inCompletion = objectOf(usage.completion_tokens_details);
  const sent = prompt ?? 0;
  const cacheRead = Math.min(
    sent,
    tokenCount(inPrompt.cached_tokens) ?? tokenCount(usage.prompt_cache_hit_tokens) ?? 0,
  );
  const cacheWrite = Math.min(sent - cacheRead, tokenCount(inPrompt.cache_write_tokens) ?? 0);
  const audio = Math.min(sent - cacheRead - cacheWrite, tokenCount(inPrompt.audio_tokens) ?? 0);
  const reasoning = tokenCount(inCompletion.reasoning_tokens) ?? 0;
  const generated = generatedTokens(sent, completion ?? 0, reasoning, tokenCount(usage.total_tokens));
  return {
    input: sent - cacheRead - cacheWrite - audio,
    cacheRead,
    cacheWrite,
    cacheWriteHour: 0,
    audio,
    output: Math.max(0, generated - reasoning),
    reasoning: Math.min(reasoning, generated),
  };
}

/** Some servers leave reasoning out of the completion's count: their total shows it or, without one, a part that exceeds its whole. */
function generatedTokens(prompt: number, completion: number, reasoning: number, total: number | undefined): number {
  const apart = total === undefined ? reasoning > completion : total === prompt + completion + reasoning;
  return apart ? completion + reasoning : completion;
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
