import type { FinishReason } from "@/lib/protocol/chat-chunk";

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
