import { usdNumber } from "@/lib/money";
import type { Bill } from "../answer";
import { completionTokens, promptTokens } from "../token-usage";

/** OpenRouter's usage. The details are always whole: clients read numbers from them without asking. */
export function toChatUsage({ usage, cost, isByok, upstream, upstreamPrompt, upstreamCompletion }: Bill) {
  return {
    prompt_tokens: promptTokens(usage),
    completion_tokens: completionTokens(usage),
    total_tokens: promptTokens(usage) + completionTokens(usage),
    cost: usdNumber(cost),
    is_byok: isByok,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWriteHour,
      audio_tokens: usage.audio,
      video_tokens: 0,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, image_tokens: 0, audio_tokens: 0 },
    cost_details: {
      upstream_inference_cost: isByok ? usdNumber(upstream) : null,
      upstream_inference_prompt_cost: usdNumber(upstreamPrompt),
      upstream_inference_completions_cost: usdNumber(upstreamCompletion),
    },
  };
}
