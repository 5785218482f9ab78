import { usdNumber } from "@/lib/money";
import type { Bill } from "../answer";
import { completionTokens, type TokenUsage } from "../token-usage";

/** Anthropic's counts, which do not overlap on the way in, and whose output includes the thinking. */
export const toCounts = (usage: TokenUsage) => ({
  input_tokens: usage.input + usage.audio,
  cache_creation_input_tokens: usage.cacheWrite + usage.cacheWriteHour,
  cache_read_input_tokens: usage.cacheRead,
  cache_creation: {
    ephemeral_5m_input_tokens: usage.cacheWrite,
    ephemeral_1h_input_tokens: usage.cacheWriteHour,
  },
  output_tokens: completionTokens(usage),
  output_tokens_details: { thinking_tokens: usage.reasoning },
  server_tool_use: null,
  service_tier: "standard",
  inference_geo: null,
});

/** OpenRouter's part of it. */
export const toCost = ({ cost, isByok, upstream, upstreamPrompt, upstreamCompletion }: Bill) => ({
  cost: usdNumber(cost),
  is_byok: isByok,
  cost_details: {
    upstream_inference_cost: isByok ? usdNumber(upstream) : null,
    upstream_inference_prompt_cost: usdNumber(upstreamPrompt),
    upstream_inference_completions_cost: usdNumber(upstreamCompletion),
  },
});
