// @ts-check
// What a stand-in says: the same answer in all three wire formats, which the mock server then writes.

import { sampleOf } from "./sample.mjs";

const CHARACTERS_PER_TOKEN = 4;
const CHARACTERS_ECHOED = 200;
const THOUGHT = "A stand-in does not think, but this is where its thoughts would be.";

/**
 * @typedef {import("@copilotkit/aimock").ChatCompletionRequest} Request
 * @typedef {import("@copilotkit/aimock").FixtureResponse} Answer
 * @typedef {object} Wishes what the mock server does not carry over from every format
 * @property {"auto" | "none" | "required"} toolUse
 * @property {string} [toolName] the one tool that has to be called
 * @property {boolean} json the text has to be JSON
 * @property {unknown} [schema] its JSON schema
 * @property {boolean} [thoughts] the caller wants to see the model think
 * @property {"stop" | "tool_calls"} [afterCall] the finish reason that goes with a tool call
 */

/**
 * Calls a tool when forced to or when asked about the weather, else answers with text; thinks before that if asked
 * to. Token usage follows from the lengths, and never exceeds the request's own limit.
 * @param {Request} request
 * @param {Wishes} wishes
 * @returns {Answer}
 */
export function answer(request, wishes) {
  const tool = toolToCall(request, wishes);
  const promptTokens = tokensIn(JSON.stringify([request.messages, request.tools ?? []]));
  const limit = Number(request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY);
  const thoughts = wishes.thoughts && limit > tokensIn(THOUGHT) ? THOUGHT : undefined;
  const thoughtTokens = thoughts ? tokensIn(thoughts) : 0;
  if (tool) {
    const call = { name: tool.function.name, arguments: JSON.stringify(sampleOf(tool.function.parameters ?? {})) };
    return {
      toolCalls: [call],
      reasoning: thoughts,
      usage: usage(promptTokens, thoughtTokens + tokensIn(call.name + call.arguments)),
      finishReason: wishes.afterCall,
    };
  }
  const whole = wishes.json ? JSON.stringify(sampleOf(wishes.schema ?? {})) : prose(request);
  const text = whole.slice(0, (limit - thoughtTokens) * CHARACTERS_PER_TOKEN);
  return {
    content: text,
    reasoning: thoughts,
    usage: usage(promptTokens, thoughtTokens + tokensIn(text)),
    finishReason: text.length < whole.length ? "length" : "stop",
  };
}

/** @param {Request} request @param {Wishes} wishes */
function toolToCall(request, wishes) {
  const tools = request.tools ?? [];
  const resultIsThere = request.messages.at(-1)?.role === "tool";
  if (wishes.toolUse === "none" || resultIsThere) return undefined;
  const isWanted = wishes.toolUse === "required" || /\bweather\b/i.test(lastUserText(request));
  if (!isWanted) return undefined;
  return tools.find((tool) => tool.function.name === wishes.toolName) ?? tools[0];
}

/** @param {Request} request */
function prose(request) {
  const said = lastUserText(request).slice(0, CHARACTERS_ECHOED);
  return (
    `This is a stand-in for ${request.model}: no model was asked, because no key of its provider is set. ` +
    `You wrote: "${said}"`
  );
}

/** @param {Request} request */
function lastUserText(request) {
  const content = request.messages.findLast((message) => message.role === "user")?.content ?? "";
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
}

/** @param {number} prompt @param {number} completion */
const usage = (prompt, completion) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});

/** @param {string} text */
const tokensIn = (text) => Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
