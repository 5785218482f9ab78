import type { FinishReason } from "@/lib/protocol/chat-chunk";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";

const finishReasons: Record<string, FinishReason | undefined> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

export const toFinishReason = (native: string): FinishReason => finishReasons[native] ?? "stop";

/** Why Claude refused, in words, where it says. */
export function explanationOf({ stop_details: details }: Json): string | undefined {
  const explanation = isObject(details) ? details.explanation : undefined;
  return typeof explanation === "string" && explanation ? explanation : undefined;
}

/** OpenRouter's name for the tier that served. */
export function toServiceTier(usage: Json | undefined): string | undefined {
  if (usage?.service_tier === "standard") return "default";
  return usage?.service_tier === "priority" ? "priority" : undefined;
}
