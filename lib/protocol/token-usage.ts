/**
 * What one completion used, in disjoint buckets: every token is in exactly one of them, so a price per bucket
 * adds up to the bill. Whole numbers of tokens.
 */
export type TokenUsage = {
  /** Sent, and neither read from nor written to the provider's prompt cache. */
  input: number;
  cacheRead: number;
  /** Written to the cache for the provider's usual time. */
  cacheWrite: number;
  /** Written to the cache for one hour (Anthropic bills it apart). */
  cacheWriteHour: number;
  /** Audio sent. */
  audio: number;
  /** Generated, reasoning not included. */
  output: number;
  reasoning: number;
};

export const noTokens: TokenUsage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
  audio: 0,
  output: 0,
  reasoning: 0,
};

export const promptTokens = (usage: TokenUsage) =>
  usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWriteHour + usage.audio;

export const completionTokens = (usage: TokenUsage) => usage.output + usage.reasoning;

/** A count as a provider sent it: anything but a whole number from zero up is as good as absent. */
export const tokenCount = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
