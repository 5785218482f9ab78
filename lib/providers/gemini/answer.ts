import type { ChatChoice, ChatChunk, ChatDelta } from "@/lib/protocol/chat-chunk";
import { newCallId } from "../call-id";
import type { AnswerReader, Json } from "../dialect";
import { saysSomething } from "../silence";
import { textOf } from "../text-of";
import { isObject } from "../upstream-complaint";
import { UpstreamFault } from "../upstream-fault";
import { GEMINI } from "./contents";
import { toFinishReason } from "./finish-reason";
import { readLogprobs } from "./logprobs";
import { readUsage } from "./usage";

/** What has come of one candidate so far. */
type Candidate = { begun: boolean; calls: number; details: number; finished: boolean };
type State = Map<number, Candidate>;

/** Gemini's events all have the form of a whole answer. */
export function geminiReader(): AnswerReader {
  const state: State = new Map();
  return {
    read: (event) => readChunk(event, state),
    finished: () => state.size > 0 && [...state.values()].every(({ finished }) => finished),
  };
}

export function readWhole(answer: Json): ChatChunk {
  const chunk = readChunk(answer, new Map());
  if (chunk?.choices.length) return chunk;
  throw new UpstreamFault({ kind: "malformed", what: "an answer without candidates" });
}

function readChunk(event: Json, state: State): ChatChunk | undefined {
  const chunk: ChatChunk = { choices: [] };
  const candidates = Array.isArray(event.candidates) ? event.candidates.filter(isObject) : [];
  for (const candidate of candidates) {
    const choice = readCandidate(candidate, state);
    if (choice) chunk.choices.push(choice);
  }
  const feedback = isObject(event.promptFeedback) ? event.promptFeedback : {};
  if (!candidates.length && typeof feedback.blockReason === "string")
    chunk.choices.push(refusal(feedback.blockReason, feedback.blockReasonMessage, state));
  const usage = readUsage(event.usageMetadata);
  if (usage) chunk.usage = usage;
  return chunk.choices.length || usage ? chunk : undefined;
}

function candidateOf(state: State, index: number): Candidate {
  let candidate = state.get(index);
  if (!candidate) {
    candidate = { begun: false, calls: 0, details: 0, finished: false };
    state.set(index, candidate);
  }
  return candidate;
}

function refusal(reason: string, message: unknown, state: State): ChatChoice {
  candidateOf(state, 0).finished = true;
  const delta: ChatDelta = { role: "assistant" };
  if (typeof message === "string" && message) delta.refusal = message;
  return { index: 0, delta, finish_reason: "content_filter", native_finish_reason: reason };
}

function readCandidate(source: Json, state: State): ChatChoice | undefined {
  const index = typeof source.index === "number" ? source.index : 0;
  const candidate = candidateOf(state, index);
  const delta: ChatDelta = {};
  const parts = isObject(source.content) && Array.isArray(source.content.parts) ? source.content.parts : [];
  for (const part of parts) if (isObject(part)) readPart(part, delta, candidate);
  const native = typeof source.finishReason === "string" ? source.finishReason : null;
  if (native) candidate.finished = true;
  const choice: ChatChoice = {
    index,
    delta,
    finish_reason: native === null ? null : toFinishReason(native, candidate.calls > 0),
    native_finish_reason: native,
  };
  const { finishMessage } = source;
  if (choice.finish_reason === "content_filter" && typeof finishMessage === "string") delta.refusal = finishMessage;
  const logprobs = readLogprobs(source.logprobsResult);
  if (logprobs) choice.logprobs = logprobs;
  if (!saysSomething(choice)) return undefined;
  if (!candidate.begun) choice.delta = { role: "assistant", ...delta };
  candidate.begun = true;
  return choice;
}

function readPart(part: Json, delta: ChatDelta, candidate: Candidate): void {
  const callId = isObject(part.functionCall) ? addCall(part.functionCall, delta, candidate) : null;
  if (typeof part.text === "string" && part.text) {
    if (part.thought === true) addThought(part.text, delta);
    else delta.content = (delta.content ?? "") + part.text;
  }
  // A picture among the thoughts is a draft.
  if (isObject(part.inlineData) && part.thought !== true) addMedia(part.inlineData, delta);
  if (typeof part.thoughtSignature === "string" && part.thoughtSignature) {
    delta.reasoning_details ??= [];
    delta.reasoning_details.push({
      type: "reasoning.encrypted",
      data: part.thoughtSignature,
      format: GEMINI,
      ...(callId && { id: callId }),
      // After the text, which is number 0.
      index: ++candidate.details,
    });
  }
}

function addThought(text: string, delta: ChatDelta): void {
  delta.reasoning = (delta.reasoning ?? "") + text;
  delta.reasoning_details ??= [];
  delta.reasoning_details.push({ type: "reasoning.text", text, format: GEMINI, index: 0 });
}

/** Gemini's calls come whole, and mostly without an id. */
function addCall(call: Json, delta: ChatDelta, candidate: Candidate): string {
  const id = newCallId();
  delta.tool_calls ??= [];
  delta.tool_calls.push({
    index: candidate.calls++,
    id,
    type: "function",
    function: { name: textOf(call.name), arguments: JSON.stringify(call.args ?? {}) },
  });
  return id;
}

function addMedia({ mimeType, data }: Json, delta: ChatDelta): void {
  if (typeof data !== "string" || !textOf(mimeType).startsWith("image/")) return;
  delta.images ??= [];
  delta.images.push({ type: "image_url", image_url: { url: `data:${mimeType};base64,${data}` } });
}
