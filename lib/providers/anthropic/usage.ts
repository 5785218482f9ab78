import { type TokenUsage, tokenCount } from "@/lib/protocol/token-usage";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";

/**
 * Joins what the beginning and the end of a stream tell; what the end leaves out stays as it was. Anthropic's input
 * counts do not overlap, but its output count includes the thinking.
 */
export function joinUsage(start: Json | undefined, end: Json | undefined): TokenUsage | undefined {
  if (!start && !end) return undefined;
  const count = (name: string) => tokenCount(end?.[name]) ?? tokenCount(start?.[name]) ?? 0;
  const written = count("cache_creation_input_tokens");
  const forAnHour = Math.min(written, hourTokens(end) ?? hourTokens(start) ?? 0);
  const output = count("output_tokens");
  const reasoning = Math.min(output, thinkingTokens(end) ?? thinkingTokens(start) ?? 0);
  return {
    input: count("input_tokens"),
    cacheRead: count("cache_read_input_tokens"),
    cacheWrite: written - forAnHour,
    cacheWriteHour: forAnHour,
    audio: 0,
    output: output - reasoning,
    reasoning,
  };
}

const hourTokens = (usage: Json | undefined) =>
  isObject(usage?.cache_creation) ? tokenCount(usage.cache_creation.ephemeral_1h_input_tokens) : undefined;

const thinkingTokens = (usage: Json | undefined) =>
  isObject(usage?.output_tokens_details) ? tokenCount(usage.output_tokens_details.thinking_tokens) : undefined;
