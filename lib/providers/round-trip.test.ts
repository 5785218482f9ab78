import { describe, expect, test } from "vitest";
import { collect } from "@/lib/protocol/collect";
import { readWhole as readAnthropic } from "./anthropic/answer";
import { toAnthropicRequest } from "./anthropic/request";
import { anthropicReader } from "./anthropic/stream";
import type { Json } from "./dialect";
import { geminiReader, readWhole as readGemini } from "./gemini/answer";
import { toGeminiRequest } from "./gemini/request";
import { readWhole as readOpenAi } from "./openai-compatible/answer";
import { toOpenAiRequest } from "./openai-compatible/request";
import { openAiReader } from "./openai-compatible/stream";
import { callOf } from "./testing/calls";
import { type Reading, readStreamed, readUnstreamed, transcriptsIn } from "./testing/transcripts";

/** The next request of a client who keeps the message as he got it, and has called what it calls. */
async function nextCall(reading: Reading, kind: string, name: string, streamed: boolean, model: string) {
  const transcript = transcriptsIn(kind).find((one) => one.name === name);
  if (!transcript?.whole) throw new Error(`no transcript ${name}`);
  const { bytes, whole } = transcript;
  const { chunks } = streamed ? await readStreamed(reading, [bytes]) : await readUnstreamed(reading, whole);
  async function* each() {
    yield* chunks;
  }
  const message = (await collect(each())).choices[0]?.message;
  const results = message?.tool_calls?.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "found" }));
  const messages = [{ role: "user", content: "go" }, message, ...(results ?? [{ role: "user", content: "on" }])];
  return { whole, call: callOf({ messages: JSON.parse(JSON.stringify(messages)) }, model) };
}

describe.each([true, false])("what a model said and signed goes back to it unchanged (streamed: %s)", (streamed) => {
  test.each([
    ...["text", "tool-call", "parallel-tool-calls", "thinking", "thinking-and-calls", "thinking-between-calls"],
    ...["thinking-not-shown", "characters"],
  ])("Anthropic: %s", async (name) => {
    const reading = { reader: anthropicReader, readWhole: readAnthropic };
    const { whole, call } = await nextCall(reading, "anthropic", name, streamed, "claude-sonnet-4-5");
    expect(toAnthropicRequest(call).messages[1]).toEqual({ role: "assistant", content: whole.content });
  });

  test.each(["text", "tool-call", "parallel-tool-calls", "thinking", "thinking-and-call", "image"])(
    "Gemini: %s",
    async (name) => {
      const reading = { reader: geminiReader, readWhole: readGemini };
      const { whole, call } = await nextCall(reading, "gemini", name, streamed, "gemini-3.5-flash");
      const [candidate] = whole.candidates as { content: { parts: Json[] } }[];
      const parts = candidate?.content.parts.filter(({ thought }) => !thought).map(withArguments);
      expect((toGeminiRequest(call).contents as object[])[1]).toEqual({ role: "model", parts });
    },
  );

  test.each([
    "text",
    "tool-call",
    "reasoning-content-and-call",
    "reasoning",
    "reasoning-details",
    "tool-calls-without-index",
  ])("an OpenAI-compatible server: %s", async (name) => {
    const reading = { reader: openAiReader, readWhole: readOpenAi };
    const { whole, call } = await nextCall(reading, "openai-compatible", name, streamed, "qwen3-32b");
    const [choice] = whole.choices as { message: Json }[];
    const { content, annotations: _none, refusal: _said, ...message } = choice?.message ?? {};
    // A server that tells its reasoning in details reads it there.
    if (message.reasoning_details) delete message.reasoning;
    expect(toOpenAiRequest(call, false).messages[1]).toEqual({ ...message, content: content || null });
  });
});

/** Gemini leaves out arguments that are empty. */
const withArguments = (part: Json) =>
  part.functionCall ? { ...part, functionCall: { args: {}, ...(part.functionCall as object) } } : part;
