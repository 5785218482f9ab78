import type {
  ChatChoice,
  ChatChunk,
  ChatDelta,
  FinishReason,
  ReasoningDetail,
  ToolCallDelta,
} from "@/lib/protocol/chat-chunk";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";
import { UpstreamFault } from "../upstream-fault";
import { readUsage } from "./usage";

export function readWhole(answer: Json): ChatChunk {
  if (!Array.isArray(answer.choices) || !answer.choices.length) {
    throw new UpstreamFault({ kind: "malformed", what: "an answer without choices" });
  }
  return readChunk(answer, "message");
}

/** One chunk of a stream (`delta`), or a whole answer (`message`). Nothing that is null is passed on. */
export function readChunk(source: Json, part: "delta" | "message"): ChatChunk {
  const chunk: ChatChunk = { choices: [] };
  const choices = Array.isArray(source.choices) ? source.choices : [];
  for (const choice of choices)
    if (isObject(choice)) chunk.choices.push(readChoice(choice, part, chunk.choices.length));
  const usage = source.usage ? readUsage(source.usage) : undefined;
  if (usage) chunk.usage = usage;
  if (typeof source.service_tier === "string") chunk.service_tier = source.service_tier;
  if (typeof source.system_fingerprint === "string") chunk.system_fingerprint = source.system_fingerprint;
  return chunk;
}

function readChoice(source: Json, part: "delta" | "message", position: number): ChatChoice {
  const native = typeof source.finish_reason === "string" && source.finish_reason ? source.finish_reason : null;
  const body = source[part];
  const choice: ChatChoice = {
    index: typeof source.index === "number" ? source.index : position,
    delta: isObject(body) ? readDelta(body) : {},
    finish_reason: native === null ? null : toFinishReason(native),
    native_finish_reason: native,
  };
  if (isObject(source.logprobs)) choice.logprobs = source.logprobs as ChatChoice["logprobs"];
  return choice;
}

const finishReasons: Record<string, FinishReason | undefined> = {
  stop: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
  error: "error",
  insufficient_system_resource: "error",
};

const toFinishReason = (native: string): FinishReason => finishReasons[native] ?? "stop";

function readDelta(source: Json): ChatDelta {
  const delta: ChatDelta = {};
  if (source.role === "assistant") delta.role = "assistant";
  if (typeof source.content === "string") delta.content = source.content;
  else if (Array.isArray(source.content)) readParts(source.content, delta);
  if (typeof source.refusal === "string") delta.refusal = source.refusal;
  if (Array.isArray(source.tool_calls) && source.tool_calls.length)
    delta.tool_calls = source.tool_calls.filter(isObject).map(readToolCall);
  readReasoning(source, delta);
  if (Array.isArray(source.images) && source.images.length) delta.images = source.images as ChatDelta["images"];
  if (Array.isArray(source.annotations) && source.annotations.length)
    delta.annotations = source.annotations.filter(isObject);
  if (isObject(source.audio)) delta.audio = source.audio as ChatDelta["audio"];
  return delta;
}

/** Mistral's answers are lists where the model thinks: thoughts and text. */
function readParts(parts: unknown[], delta: ChatDelta): void {
  for (const part of parts) {
    if (!isObject(part)) continue;
    if (typeof part.text === "string") delta.content = (delta.content ?? "") + part.text;
    if (!Array.isArray(part.thinking)) continue;
    for (const thought of part.thinking) {
      if (isObject(thought) && typeof thought.text === "string")
        delta.reasoning = (delta.reasoning ?? "") + thought.text;
    }
  }
}

/** OpenAI itself shows no reasoning; other servers do, under either name. */
function readReasoning(source: Json, delta: ChatDelta): void {
  const text = source.reasoning_content || source.reasoning;
  if (typeof text === "string" && text) delta.reasoning = text;
  if (Array.isArray(source.reasoning_details) && source.reasoning_details.length) {
    delta.reasoning_details = source.reasoning_details.filter(isObject) as unknown as ReasoningDetail[];
  } else if (delta.reasoning) {
    delta.reasoning_details = [{ type: "reasoning.text", text: delta.reasoning, format: "unknown", index: 0 }];
  }
}

function readToolCall(source: Json, position: number): ToolCallDelta {
  const target = isObject(source.function) ? source.function : {};
  const call: ToolCallDelta = { index: typeof source.index === "number" ? source.index : position, function: {} };
  if (typeof source.id === "string" && source.id) {
    call.id = source.id;
    call.type = "function";
  }
  if (typeof target.name === "string" && target.name) call.function.name = target.name;
  if (typeof target.arguments === "string") call.function.arguments = target.arguments;
  else if (isObject(target.arguments)) call.function.arguments = JSON.stringify(target.arguments);
  return call;
}
