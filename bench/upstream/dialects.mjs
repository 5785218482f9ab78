// @ts-check
import { pieceText, wholeText } from "./pieces.mjs";

/** @typedef {"openai" | "anthropic" | "gemini"} Dialect */
/** @typedef {{ lead: Buffer, pieces: Buffer[], tail: Buffer }} StreamBytes */

const INPUT_TOKENS = 24;
const CREATED = 1_790_000_000;

/**
 * The bytes of a streamed answer, made once and sent many times: the mock must stay far cheaper than what is measured.
 * @param {Dialect} dialect
 * @param {number} count pieces of text
 * @param {boolean} includeUsage OpenAI's `stream_options.include_usage`; the other two always tell
 * @returns {StreamBytes}
 */
export function streamBytes(dialect, count, includeUsage) {
  return streams[dialect](count, includeUsage);
}

/**
 * The whole answer as one JSON body.
 * @param {Dialect} dialect
 * @param {number} count
 */
export function jsonBytes(dialect, count) {
  return Buffer.from(JSON.stringify(bodies[dialect](count)));
}

/** @type {Record<Dialect, (count: number, includeUsage: boolean) => StreamBytes>} */
const streams = { openai: openaiStream, anthropic: anthropicStream, gemini: geminiStream };

/** @type {Record<Dialect, (count: number) => object>} */
const bodies = { openai: openaiBody, anthropic: anthropicBody, gemini: geminiBody };

/** @type {(count: number, includeUsage: boolean) => StreamBytes} */
function openaiStream(count, includeUsage) {
  /** @type {(choices: object[], usage?: object | null) => string} */
  const chunk = (choices, usage = null) =>
    event({ ...openaiHead("chat.completion.chunk"), choices, ...(includeUsage && { usage }) });
  /** @type {(delta: object, finish?: string | null) => object[]} */
  const choice = (delta, finish = null) => [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  const usage = includeUsage ? chunk([], openaiUsage(count)) : "";
  return {
    lead: Buffer.from(chunk(choice({ role: "assistant", content: "", refusal: null }))),
    pieces: eachPiece(count, (text) => chunk(choice({ content: text }))),
    tail: Buffer.from(`${chunk(choice({}, "stop"))}${usage}data: [DONE]\n\n`),
  };
}

/** @param {number} count */
function openaiBody(count) {
  const message = { role: "assistant", content: wholeText(count), refusal: null, annotations: [] };
  return {
    ...openaiHead("chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage: openaiUsage(count),
  };
}

/** @param {string} object */
const openaiHead = (object) => ({
  id: "chatcmpl-bench0000000000000000000000",
  object,
  created: CREATED,
  model: "gpt-4o-mini-2024-07-18",
  service_tier: "default",
  system_fingerprint: "fp_bench00000",
});

/** @param {number} count */
const openaiUsage = (count) => ({
  prompt_tokens: INPUT_TOKENS,
  completion_tokens: count,
  total_tokens: INPUT_TOKENS + count,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});

/** @type {(count: number) => StreamBytes} */
function anthropicStream(count) {
  const message = { ...anthropicHead(), content: [], stop_reason: null, stop_sequence: null, usage: anthropicUsage(1) };
  const start = named({ type: "message_start", message });
  const block = named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
  const ending = { stop_reason: "end_turn", stop_sequence: null };
  return {
    lead: Buffer.from(`${start}${block}${named({ type: "ping" })}`),
    pieces: eachPiece(count, (text) =>
      named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    ),
    tail: Buffer.from(
      named({ type: "content_block_stop", index: 0 }) +
        named({ type: "message_delta", delta: ending, usage: { output_tokens: count } }) +
        named({ type: "message_stop" }),
    ),
  };
}

/** @param {number} count */
function anthropicBody(count) {
  const content = [{ type: "text", text: wholeText(count) }];
  return { ...anthropicHead(), content, stop_reason: "end_turn", stop_sequence: null, usage: anthropicUsage(count) };
}

const anthropicHead = () => ({
  id: "msg_bench000000000000000000",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
});

/** @param {number} count */
const anthropicUsage = (count) => ({
  input_tokens: INPUT_TOKENS,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: count,
});

/** @type {(count: number) => StreamBytes} */
function geminiStream(count) {
  return {
    lead: Buffer.alloc(0),
    pieces: eachPiece(count, (text, index) => geminiEvent(geminiAnswer(text, index + 1))),
    tail: Buffer.from(geminiEvent(geminiAnswer("", count, { finishReason: "STOP" }))),
  };
}

/** @param {number} count */
function geminiBody(count) {
  return geminiAnswer(wholeText(count), count, { finishReason: "STOP" });
}

/** @type {(text: string, outputTokens: number, ending?: object) => object} */
const geminiAnswer = (text, outputTokens, ending) => ({
  candidates: [{ content: { parts: [{ text }], role: "model" }, ...ending, index: 0 }],
  usageMetadata: {
    promptTokenCount: INPUT_TOKENS,
    candidatesTokenCount: outputTokens,
    totalTokenCount: INPUT_TOKENS + outputTokens,
  },
  modelVersion: "gemini-2.5-flash",
  responseId: "bench000000000000000000",
});

/** @param {object} value */
const event = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** @param {{ type: string, [field: string]: unknown }} value */
const named = (value) => `event: ${value.type}\n${event(value)}`;

/** Gemini ends its lines with CR LF. @param {object} value */
const geminiEvent = (value) => `data: ${JSON.stringify(value)}\r\n\r\n`;

/** @type {(count: number, write: (text: string, index: number) => string) => Buffer[]} */
const eachPiece = (count, write) =>
  Array.from({ length: count }, (_, index) => Buffer.from(write(pieceText(index), index)));
