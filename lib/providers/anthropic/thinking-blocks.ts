import type { RedactedThinkingBlockParam, ThinkingBlockParam } from "@anthropic-ai/sdk/resources/messages";
import type { ReasoningDetail } from "@/lib/protocol/chat-chunk";

export const CLAUDE = "anthropic-claude-v1";

/**
 * The reasoning that a caller brings back from an earlier turn, in its order. Only what Claude signed: anything else
 * is refused.
 */
export function toThinkingBlocks(
  details: readonly { type: string }[] | null | undefined,
): (ThinkingBlockParam | RedactedThinkingBlockParam)[] {
  const blocks: (ThinkingBlockParam | RedactedThinkingBlockParam)[] = [];
  for (const detail of (details ?? []) as readonly ReasoningDetail[]) {
    if (detail.format !== CLAUDE) continue;
    if (detail.type === "reasoning.text" && detail.signature) {
      blocks.push({ type: "thinking", thinking: detail.text ?? "", signature: detail.signature });
    } else if (detail.type === "reasoning.encrypted" && detail.data) {
      blocks.push({ type: "redacted_thinking", data: detail.data });
    }
  }
  return blocks;
}
