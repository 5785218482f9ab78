import { type ChatChunk, type ChatDelta, deltaChunk, finishChunk } from "@/lib/protocol/chat-chunk";
import { newCallId } from "../call-id";
import type { AnswerReader, Json } from "../dialect";
import { textOf } from "../text-of";
import { isObject } from "../upstream-complaint";
import { explanationOf, toFinishReason, toServiceTier } from "./finish-reason";
import { CLAUDE } from "./thinking-blocks";
import { joinUsage } from "./usage";

/** A tool call that is being streamed: its place among the calls, and whether any arguments have come. */
type OpenCall = { index: number; hasArguments: boolean };

type State = {
  start?: Json;
  finished: boolean;
  ended: boolean;
  begun: boolean;
  calls: Map<unknown, OpenCall>;
  callCount: number;
};

export function anthropicReader(): AnswerReader {
  const state: State = { finished: false, ended: false, begun: false, calls: new Map(), callCount: 0 };
  return {
    read: (event) => withRole(readEvent(event, state), state),
    finished: () => state.finished,
    ended: () => state.ended,
  };
}

function withRole(chunk: ChatChunk | undefined, state: State): ChatChunk | undefined {
  const first = state.begun ? undefined : chunk?.choices[0];
  if (first) {
    state.begun = true;
    first.delta = { role: "assistant", ...first.delta };
  }
  return chunk;
}

function readEvent(event: Json, state: State): ChatChunk | undefined {
  switch (event.type) {
    case "content_block_delta":
      return isObject(event.delta) ? readDelta(event.delta, event.index, state) : undefined;
    case "content_block_start":
      return isObject(event.content_block) ? startBlock(event.content_block, event.index, state) : undefined;
    case "content_block_stop":
      return stopBlock(event.index, state);
    case "message_start":
      return startMessage(event.message, state);
    case "message_delta":
      return endMessage(event, state);
    case "message_stop":
      state.ended = true;
      return undefined;
    default:
      return undefined;
  }
}

/** Told at once, so that an answer nobody waits for is billed for what was sent. */
function startMessage(message: unknown, state: State): ChatChunk | undefined {
  if (!isObject(message) || !isObject(message.usage)) return undefined;
  state.start = message.usage;
  return { choices: [], usage: joinUsage(state.start, undefined) };
}

function endMessage({ delta, usage }: Json, state: State): ChatChunk | undefined {
  const native = isObject(delta) && typeof delta.stop_reason === "string" ? delta.stop_reason : undefined;
  const total = isObject(usage) ? joinUsage(state.start, usage) : undefined;
  if (!native) return total && { choices: [], usage: total };
  state.finished = true;
  const chunk = finishChunk(toFinishReason(native), native);
  const refusal = explanationOf(delta as Json);
  if (refusal && chunk.choices[0]) chunk.choices[0].delta = { refusal };
  const tier = toServiceTier(state.start);
  if (tier) chunk.service_tier = tier;
  if (total) chunk.usage = total;
  return chunk;
}

function startBlock(block: Json, at: unknown, state: State): ChatChunk | undefined {
  if (block.type === "tool_use") {
    const call: OpenCall = { index: state.callCount++, hasArguments: hasInput(block.input) };
    state.calls.set(at, call);
    const text = call.hasArguments ? JSON.stringify(block.input) : "";
    return deltaChunk(toolDelta(call.index, text, { id: textOf(block.id) || newCallId(), name: textOf(block.name) }));
  }
  if (block.type === "redacted_thinking") return deltaChunk(redactedDelta(block.data, at));
  if (block.type === "text" && textOf(block.text)) return deltaChunk({ content: textOf(block.text) });
  if (block.type === "thinking" && (block.thinking || block.signature)) {
    return deltaChunk(thinkingDelta(block.thinking, block.signature, at));
  }
  return undefined;
}

const hasInput = (input: unknown) => isObject(input) && Object.keys(input).length > 0;

function readDelta(delta: Json, at: unknown, state: State): ChatChunk | undefined {
  switch (delta.type) {
    case "text_delta":
      return textOf(delta.text) ? deltaChunk({ content: textOf(delta.text) }) : undefined;
    case "thinking_delta":
      return delta.thinking ? deltaChunk(thinkingDelta(delta.thinking, undefined, at)) : undefined;
    case "signature_delta":
      return deltaChunk(thinkingDelta(undefined, delta.signature, at));
    case "input_json_delta": {
      const call = state.calls.get(at);
      const piece = textOf(delta.partial_json);
      if (!call || !piece) return undefined;
      call.hasArguments = true;
      return deltaChunk(toolDelta(call.index, piece));
    }
    default:
      return undefined;
  }
}

/** For a call without arguments Anthropic sends an empty text, which is no JSON. */
function stopBlock(at: unknown, { calls }: State): ChatChunk | undefined {
  const call = calls.get(at);
  if (!call || call.hasArguments) return undefined;
  call.hasArguments = true;
  return deltaChunk(toolDelta(call.index, "{}"));
}

function toolDelta(index: number, text: string, begin?: { id: string; name: string }): ChatDelta {
  if (!begin) return { tool_calls: [{ index, function: { arguments: text } }] };
  return { tool_calls: [{ index, id: begin.id, type: "function", function: { name: begin.name, arguments: text } }] };
}

const blockIndex = (at: unknown) => (typeof at === "number" ? at : 0);

export function thinkingDelta(text: unknown, signature: unknown, at: unknown): ChatDelta {
  const shown = typeof text === "string" && text ? text : undefined;
  const signed = typeof signature === "string" && signature ? signature : undefined;
  return {
    ...(shown && { reasoning: shown }),
    reasoning_details: [
      {
        type: "reasoning.text",
        ...(shown && { text: shown }),
        ...(signed && { signature: signed }),
        format: CLAUDE,
        index: blockIndex(at),
      },
    ],
  };
}

export const redactedDelta = (data: unknown, at: unknown): ChatDelta => ({
  reasoning_details: [{ type: "reasoning.encrypted", data: textOf(data), format: CLAUDE, index: blockIndex(at) }],
});
