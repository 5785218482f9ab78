import { describe, expect, test } from "vitest";
import type { Json } from "../dialect";
import { finishOf, textOf, usageOf } from "../testing/calls";
import { geminiReader, readWhole } from "./answer";

const parts = (list: object[], finishReason?: string, usageMetadata?: object): Json => ({
  candidates: [{ index: 0, content: { role: "model", parts: list }, ...(finishReason && { finishReason }) }],
  ...(usageMetadata && { usageMetadata }),
});

function read(events: Json[]) {
  const reader = geminiReader();
  const chunks = events.map((event) => reader.read(event)).filter((chunk) => chunk !== undefined);
  return {
    chunks,
    finished: reader.finished(),
    deltas: chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta)),
  };
}

describe("geminiReader", () => {
  test("reads text; the last usage counts", () => {
    const { chunks, finished } = read([
      parts([{ text: "Hel" }], undefined, { promptTokenCount: 9, candidatesTokenCount: 1 }),
      parts([{ text: "lo" }, { text: "!" }], "STOP", {
        promptTokenCount: 9,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 20,
        cachedContentTokenCount: 4,
        toolUsePromptTokenCount: 2,
      }),
    ]);
    expect(textOf(chunks)).toBe("Hello!");
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
    expect(finishOf(chunks)).toMatchObject({ finish_reason: "stop", native_finish_reason: "STOP" });
    expect(usageOf(chunks)).toEqual({
      input: 7,
      cacheRead: 4,
      cacheWrite: 0,
      cacheWriteHour: 0,
      audio: 0,
      output: 3,
      reasoning: 20,
    });
    expect(finished).toBe(true);
  });

  test("gives calls ids of ours and indexes across events, and says that it called", () => {
    const { chunks, deltas } = read([
      parts([{ functionCall: { name: "look", args: { at: "x" } } }, { functionCall: { name: "look", args: {} } }]),
      parts([{ functionCall: { id: "google's", name: "now" } }], "STOP"),
    ]);
    const calls = deltas.flatMap(({ tool_calls = [] }) => tool_calls);
    expect(calls.map(({ index, function: { name, arguments: text } }) => [index, name, text])).toEqual([
      [0, "look", '{"at":"x"}'],
      [1, "look", "{}"],
      [2, "now", "{}"],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    for (const { id } of calls) expect(id).toMatch(/^call_[0-9a-f]{24}$/);
    expect(finishOf(chunks)).toMatchObject({ finish_reason: "tool_calls", native_finish_reason: "STOP" });
  });

  test("shows thoughts, and keeps signatures with the calls that they belong to", () => {
    const { deltas } = read([
      parts([{ text: "Hmm", thought: true }]),
      parts([{ functionCall: { name: "look" }, thoughtSignature: "ofCall" }]),
      parts([{ text: "Done" }, { text: "", thoughtSignature: "ofText" }], "STOP"),
    ]);
    expect(deltas[0]).toMatchObject({
      reasoning: "Hmm",
      reasoning_details: [{ type: "reasoning.text", text: "Hmm", format: "google-gemini-v1", index: 0 }],
    });
    expect(deltas[0]).not.toHaveProperty("content");
    const id = deltas[1]?.tool_calls?.[0]?.id;
    expect(deltas[1]?.reasoning_details).toEqual([
      { type: "reasoning.encrypted", data: "ofCall", format: "google-gemini-v1", id, index: 1 },
    ]);
    expect(deltas[2]).toMatchObject({
      content: "Done",
      reasoning_details: [{ type: "reasoning.encrypted", data: "ofText", format: "google-gemini-v1", index: 2 }],
    });
    expect(deltas[2]?.reasoning_details?.[0]).not.toHaveProperty("id");
  });

  test("shows pictures", () => {
    const { deltas } = read([parts([{ inlineData: { mimeType: "image/png", data: "QQ==" } }], "STOP")]);
    expect(deltas[0]?.images).toEqual([{ type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } }]);
  });

  test.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content_filter"],
    ["RECITATION", "content_filter"],
    ["PROHIBITED_CONTENT", "content_filter"],
    ["BLOCKLIST", "content_filter"],
    ["SPII", "content_filter"],
    ["IMAGE_SAFETY", "content_filter"],
    ["MALFORMED_FUNCTION_CALL", "error"],
    ["OTHER", "stop"],
  ])("maps %s to %s", (native, ours) => {
    expect(finishOf(read([{ candidates: [{ finishReason: native }] }]).chunks)).toMatchObject({
      finish_reason: ours,
      native_finish_reason: native,
    });
  });

  test("says that it called only where it stopped by itself", () => {
    expect(finishOf(read([parts([{ functionCall: { name: "look" } }], "MAX_TOKENS")]).chunks)?.finish_reason).toBe(
      "length",
    );
  });

  test("takes a blocked prompt for filtered content", () => {
    const { chunks, finished } = read([
      { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: { promptTokenCount: 5 } },
    ]);
    expect(finishOf(chunks)).toMatchObject({
      finish_reason: "content_filter",
      native_finish_reason: "PROHIBITED_CONTENT",
    });
    expect(usageOf(chunks)).toMatchObject({ input: 5, output: 0 });
    expect(finished).toBe(true);
  });

  test("waits for every candidate", () => {
    const both = {
      candidates: [
        { index: 0, content: { parts: [{ text: "a" }] }, finishReason: "STOP" },
        { index: 1, content: { parts: [{ text: "b" }] } },
      ],
    };
    expect(read([both]).finished).toBe(false);
    expect(read([both, { candidates: [{ index: 1, finishReason: "STOP" }] }]).finished).toBe(true);
    expect(read([both]).chunks[0]?.choices.map(({ index, delta }) => [index, delta.content])).toEqual([
      [0, "a"],
      [1, "b"],
    ]);
  });

  test("lets no silence pass for the first word", () => {
    const { chunks } = read([
      parts([], undefined, { promptTokenCount: 9 }),
      parts([{ text: "" }]),
      parts([{ text: "a" }], "STOP"),
    ]);
    expect(chunks).toEqual([
      { choices: [], usage: expect.objectContaining({ input: 9 }) },
      { choices: [expect.objectContaining({ delta: { role: "assistant", content: "a" } })] },
    ]);
  });

  test("counts audio that was sent apart, but not twice where it was cached", () => {
    const { chunks } = read([
      parts([{ text: "a" }], "STOP", {
        promptTokenCount: 100,
        cachedContentTokenCount: 30,
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 40 },
          { modality: "AUDIO", tokenCount: 60 },
        ],
        cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 20 }],
      }),
    ]);
    expect(usageOf(chunks)).toMatchObject({ input: 30, cacheRead: 30, audio: 40 });
  });

  test("is not finished without a reason, and passes over what it does not know", () => {
    expect(read([parts([{ text: "a" }])]).finished).toBe(false);
    expect(read([]).finished).toBe(false);
    expect(read([{ responseId: "x" }, parts([{ executableCode: {} }])]).deltas).toEqual([]);
  });
});

describe("readWhole", () => {
  test("is one chunk", () => {
    const chunk = readWhole(parts([{ text: "Hi" }], "STOP", { promptTokenCount: 2, candidatesTokenCount: 1 }));
    expect(chunk).toMatchObject({
      choices: [{ delta: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
      usage: { input: 2, output: 1 },
    });
  });

  test.each([{}, { candidates: [] }, { usageMetadata: { promptTokenCount: 1 } }])("refuses %j", (answer) => {
    expect(() => readWhole(answer)).toThrow();
  });
});
