import type { ChatChoice, ChatChunk, ChatDelta, FinishReason, ReasoningDetail } from "@/lib/protocol/chat-chunk";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";
import { UpstreamFault } from "../upstream-fault";
import { readToolCalls, type ToolCalls } from "./tool-calls";
import { readUsage } from "./usage";

export function readWhole(answer: Json): ChatChunk {
  if (!Array.isArray(answer.choices) || !answer.choices.length) {
    throw new UpstreamFault({ kind: "malformed", what: "an answer without choices" });
  }
  return readChunk(answer, "message");
}

/**
 * One chunk of a stream (`delta`), or a whole answer (`message`). Nothing that is null is passed on.
 *
 * @param callsOf the tool calls that each choice has made so far
 */
export function readChunk(
  source: Json,
  part: "delta" | "message",
  callsOf: (choice: number) => ToolCalls = readToolCalls,
): ChatChunk {
  const chunk: ChatChunk = { choices: [] };
  const choices = Array.isArray(source.choices) ? source.choices.filter(isObject) : [];
  for (const [position, choice] of choices.entries()) {
    const index = typeof choice.index === "number" ? choice.index : position;
    chunk.choices.push(readChoice(choice, part, index, callsOf(index)));
  }
  const usage = source.usage ? readUsage(source.usage) : undefined;
  if (usage) chunk.usage = usage;
  if (typeof source.service_tier === "string") chunk.service_tier = source.service_tier;
  if (typeof source.system_fingerprint === "string") chunk.system_fingerprint = source.system_fingerprint;
  return chunk;
}

function readChoice(source: Json, part: "delta" | "message", index: number, calls: ToolCalls): ChatChoice {
  const native = typeof source.finish_reason === "string" && source.finish_reason ? source.finish_reason : null;
  const body = source[part];
  const delta = isObject(body) ? readDelta(body, calls) : {};
  const missing = native === null ? [] : calls.close();
  if (missing.length) delta.tool_calls = [...(delta.tool_calls ?? []), ...missing];
  const choice: ChatChoice = {
    index,
    delta,
    finish_reason: native === null ? null : toFinishReason(native, calls.count() > 0),
    native_finish_reason: native,
  };
  if (isObject(source.logprobs)) choice.logprobs = listsOf(source.logprobs);
  return choice;
}

const listsOf = (source: Json) =>
  Object.fromEntries(Object.entries(source).filter(([, list]) => list === null || Array.isArray(list)));

function readAudio({ id, data, transcript, expires_at }: Json): NonNullable<ChatDelta["audio"]> {
  return {
    ...(typeof id === "string" && { id }),
    ...(typeof data === "string" && { data }),
    ...(typeof transcript === "string" && { transcript }),
    ...(typeof expires_at === "number" && { expires_at }),
  };
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

/** Some servers call tools and say `stop`; so does OpenAI where the caller named the tool. */
function toFinishReason(native: string, calledTools: boolean): FinishReason {
  const reason = finishReasons[native] ?? "stop";
  return reason === "stop" && calledTools ? "tool_calls" : reason;
}

function readDelta(source: Json, calls: ToolCalls): ChatDelta {
  const delta: ChatDelta = {};
  if (source.role === "assistant") delta.role = "assistant";
  if (typeof source.content === "string") delta.content = source.content;
  else if (Array.isArray(source.content)) readParts(source.content, delta);
  if (typeof source.refusal === "string") delta.refusal = source.refusal;
  if (Array.isArray(source.tool_calls) && source.tool_calls.length)
    delta.tool_calls = calls.read(source.tool_calls.filter(isObject));
  readReasoning(source, delta);
  if (Array.isArray(source.images) && source.images.length) delta.images = source.images as ChatDelta["images"];
  if (Array.isArray(source.annotations) && source.annotations.length)
    delta.annotations = source.annotations.filter(isObject);
  if (isObject(source.audio)) delta.audio = readAudio(source.audio);
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

/**
 * OpenAI itself shows no reasoning; other servers do, under either name. The name goes along as the detail's id: a
 * server wants the reasoning before a call back under the name that it gave it.
 */
function readReasoning(source: Json, delta: ChatDelta): void {
  const name = reasoningNames.find((one) => typeof source[one] === "string" && source[one] !== "");
  if (name) delta.reasoning = source[name] as string;
  if (Array.isArray(source.reasoning_details) && source.reasoning_details.length) {
    delta.reasoning_details = source.reasoning_details.filter(isDetail);
  } else if (delta.reasoning) {
    const id = name && { id: name };
    delta.reasoning_details = [{ type: "reasoning.text", text: delta.reasoning, ...id, format: "unknown", index: 0 }];
  }
}

const isDetail = (value: unknown): value is ReasoningDetail =>
  isObject(value) &&
  [value.text, value.summary, value.data, value.signature].every((part) => typeof (part ?? "") === "string");

export const reasoningNames = ["reasoning_content", "reasoning"] as const;
