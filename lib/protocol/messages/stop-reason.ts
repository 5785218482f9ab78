import type { Ending } from "../answer";
import type { FinishReason } from "../chat-chunk";

const stopReasons: Record<FinishReason, string> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
  error: "end_turn",
};

/** How an answer of another dialect ended, in Anthropic's words: a call is a call, whatever the upstream says of it. */
export function toStop({ reason }: Ending, hasCalls: boolean) {
  const stop = reason === "stop" && hasCalls ? "tool_use" : stopReasons[reason ?? "stop"];
  return {
    stop_reason: stop,
    stop_sequence: null,
    stop_details: stop === "refusal" ? { type: "refusal", category: null, explanation: null } : null,
  };
}
