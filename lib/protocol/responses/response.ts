import type { AppError, ErrorType } from "@/lib/errors";
import { usdNumber } from "@/lib/money";
import type { Bill, Ending, Stamp } from "../answer";
import type { FinishReason } from "../chat-chunk";
import { completionTokens, promptTokens } from "../token-usage";
import type { ResponsesBody } from "./body";

export type Status = "in_progress" | "completed" | "incomplete" | "failed";

/** All of a response but what was said in it; what the caller asked for is repeated, as OpenAI does. */
export function responseHead({ id, created, model, provider }: Stamp, body: ResponsesBody) {
  return {
    ...{ id, object: "response", created_at: created, model, provider },
    ...{ completed_at: null, error: null, incomplete_details: null, output: [] as object[], usage: null },
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: body.reasoning?.summary ?? null },
    ...{ store: false, background: false, truncation: body.truncation ?? "disabled" },
    temperature: body.temperature ?? null,
    text: { ...body.text, format: body.text?.format ?? { type: "text" } },
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: body.top_p ?? null,
    frequency_penalty: body.frequency_penalty ?? null,
    presence_penalty: body.presence_penalty ?? null,
    service_tier: null as string | null,
    user: body.user ?? null,
  };
}

/** How an answer ended, in this dialect's words. */
export function toStatus(reason: FinishReason | null) {
  if (reason === "length")
    return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } } as const;
  if (reason === "content_filter")
    return { status: "incomplete", incomplete_details: { reason: "content_filter" } } as const;
  if (reason === "error")
    return {
      status: "failed",
      error: { code: "server_error", message: "The provider broke its answer off." },
      error_type: "provider_unavailable",
    } as const;
  return { status: "completed" } as const;
}

/** What is known of a response only when it is settled. */
export const endingOf = ({ bill, reason, metadata }: Ending) => ({
  ...toStatus(reason),
  completed_at: Math.floor(Date.now() / 1000),
  usage: toUsage(bill),
  ...(metadata && { openrouter_metadata: metadata }),
});

function toUsage({ usage, cost, isByok, upstream, upstreamPrompt, upstreamCompletion }: Bill) {
  return {
    input_tokens: promptTokens(usage),
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWriteHour,
    },
    output_tokens: completionTokens(usage),
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: promptTokens(usage) + completionTokens(usage),
    cost: usdNumber(cost),
    is_byok: isByok,
    cost_details: {
      upstream_inference_cost: isByok ? usdNumber(upstream) : null,
      upstream_inference_input_cost: usdNumber(upstreamPrompt),
      upstream_inference_output_cost: usdNumber(upstreamCompletion),
    },
  };
}

/** OpenAI's codes for what failed; all else is the server's. */
const CODES: Partial<Record<ErrorType, string>> = {
  rate_limit_exceeded: "rate_limit_exceeded",
  invalid_request: "invalid_prompt",
  content_policy_violation: "image_content_policy_violation",
};

/** A limit that was met on the way is an end, and no failure. */
export function failureOf({ type, message }: AppError) {
  if (type === "context_length_exceeded" || type === "max_tokens_exceeded") return toStatus("length");
  return { status: "failed", error: { code: CODES[type] ?? "server_error", message }, error_type: type } as const;
}
