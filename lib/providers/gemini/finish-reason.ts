import type { FinishReason } from "@/lib/protocol/chat-chunk";

const finishReasons: Record<string, FinishReason | undefined> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  CONTINUATION: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  LANGUAGE: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
  MALFORMED_FUNCTION_CALL: "error",
  UNEXPECTED_TOOL_CALL: "error",
  TOO_MANY_TOOL_CALLS: "error",
  NO_IMAGE: "error",
  IMAGE_OTHER: "error",
};

/** Gemini calls tools and says `STOP`. */
export function toFinishReason(native: string, calledTools: boolean): FinishReason {
  const reason = finishReasons[native] ?? "stop";
  return reason === "stop" && calledTools ? "tool_calls" : reason;
}
