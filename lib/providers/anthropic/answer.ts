import type { ChatChunk, ChatDelta } from "@/lib/protocol/chat-chunk";
import { newCallId } from "../call-id";
import type { Json } from "../dialect";
import { textOf } from "../text-of";
import { isObject } from "../upstream-complaint";
import { UpstreamFault } from "../upstream-fault";
import { explanationOf, toFinishReason, toServiceTier } from "./finish-reason";
import { redactedDelta, thinkingDelta } from "./stream";
import { joinUsage } from "./usage";

/** A message that was not streamed, as one chunk. */
export function readWhole(answer: Json): ChatChunk {
  if (!Array.isArray(answer.content)) throw new UpstreamFault({ kind: "malformed", what: "an answer without content" });
  const delta: ChatDelta = { role: "assistant" };
  answer.content.forEach((block, at) => {
    if (isObject(block)) addBlock(delta, block, at);
  });
  const native = typeof answer.stop_reason === "string" ? answer.stop_reason : null;
  const refusal = explanationOf(answer);
  if (refusal) delta.refusal = refusal;
  const told = isObject(answer.usage) ? answer.usage : undefined;
  const usage = joinUsage(told, undefined);
  const tier = toServiceTier(told);
  return {
    choices: [
      { index: 0, delta, finish_reason: native === null ? null : toFinishReason(native), native_finish_reason: native },
    ],
    ...(usage && { usage }),
    ...(tier && { service_tier: tier }),
  };
}

function addBlock(delta: ChatDelta, block: Json, at: number): void {
  if (block.type === "text" && block.text) delta.content = (delta.content ?? "") + textOf(block.text);
  if (block.type === "thinking") addReasoning(delta, thinkingDelta(block.thinking, block.signature, at));
  if (block.type === "redacted_thinking") addReasoning(delta, redactedDelta(block.data, at));
  if (block.type === "tool_use") {
    delta.tool_calls ??= [];
    delta.tool_calls.push({
      index: delta.tool_calls.length,
      id: textOf(block.id) || newCallId(),
      type: "function",
      function: { name: textOf(block.name), arguments: JSON.stringify(block.input ?? {}) },
    });
  }
}

function addReasoning(delta: ChatDelta, { reasoning, reasoning_details }: ChatDelta): void {
  if (reasoning) delta.reasoning = (delta.reasoning ?? "") + reasoning;
  delta.reasoning_details = [...(delta.reasoning_details ?? []), ...(reasoning_details ?? [])];
}
