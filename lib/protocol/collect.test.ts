import { describe, expect, test } from "vitest";
import { type ChatChoice, type ChatChunk, type ChatDelta, deltaChunk, finishChunk } from "./chat-chunk";
import { collect } from "./collect";

async function* each(chunks: ChatChunk[]) {
  yield* chunks;
}

async function messageOf(...deltas: ChatDelta[]) {
  const { choices } = await collect(each([...deltas.map((delta) => deltaChunk(delta)), finishChunk("stop", "end")]));
  return choices[0]?.message;
}

describe("collect", () => {
  test("joins what belongs together", async () => {
    expect(
      await messageOf(
        { role: "assistant", reasoning: "Let me " },
        { reasoning: "see" },
        { content: "a" },
        { content: null },
        { content: "b" },
      ),
    ).toEqual({ role: "assistant", content: "ab", refusal: null, reasoning: "Let me see" });
  });

  test.each([
    ["nothing", {}, ""],
    ["an empty text", { content: "" }, ""],
    ["a call", { content: "", tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{}" } }] }, null],
    ["a refusal", { content: "", refusal: "no" }, null],
    ["a picture", { images: [{ image_url: { url: "data:," } }] }, null],
    ["a sound", { audio: { id: "a" } }, null],
  ] as [string, ChatDelta, string | null][])("has no text for %s", async (_, delta, content) => {
    expect((await messageOf(delta))?.content).toBe(content);
  });

  test("has no gaps among calls", async () => {
    const message = await messageOf(
      { tool_calls: [{ index: 3, id: "d", function: { name: "g", arguments: "{" } }] },
      { tool_calls: [{ index: 1, id: "c", function: { name: "f", arguments: "{}" } }] },
      { tool_calls: [{ index: 3, function: { arguments: "}" } }] },
    );
    expect(JSON.parse(JSON.stringify(message?.tool_calls))).toEqual([
      { id: "c", type: "function", function: { name: "f", arguments: "{}" } },
      { id: "d", type: "function", function: { name: "g", arguments: "{}" } },
    ]);
  });

  const thought = (text: string | undefined, index: number, more: object = {}) =>
    ({ type: "reasoning.text", ...(text && { text }), index, ...more }) as const;

  test("keeps blocks of reasoning apart, and signatures with theirs", async () => {
    const message = await messageOf(
      { reasoning_details: [thought("a", 0), thought("b", 0)] },
      { reasoning_details: [thought(undefined, 0, { signature: "s" })] },
      { reasoning_details: [thought("c", 0)] },
      { reasoning_details: [thought("d", 1, { signature: "t" })] },
      { reasoning_details: [{ type: "reasoning.summary", summary: "x", index: 2 }] },
      { reasoning_details: [{ type: "reasoning.summary", summary: "y", index: 2 }] },
      { reasoning_details: [{ type: "reasoning.encrypted", data: "e", index: 2 }] },
      { reasoning_details: [{ type: "reasoning.encrypted", data: "f", index: 2 }] },
    );
    expect(message?.reasoning_details).toEqual([
      thought("ab", 0, { signature: "s" }),
      thought("c", 0),
      thought("d", 1, { signature: "t" }),
      { type: "reasoning.summary", summary: "xy", index: 2 },
      { type: "reasoning.encrypted", data: "e", index: 2 },
      { type: "reasoning.encrypted", data: "f", index: 2 },
    ]);
  });

  test("changes nothing in the chunks", async () => {
    const chunks = [
      deltaChunk({ reasoning_details: [thought("a", 0)] }),
      deltaChunk({ reasoning_details: [thought("b", 0)] }),
    ];
    const before = structuredClone(chunks);
    await collect(each(chunks));
    expect(chunks).toEqual(before);
  });

  test.each([
    [["AQIDBA==", "BQYHCAk="], "AQIDBAUGBwgJ"],
    [["AQID", "BAUG"], "AQIDBAUG"],
    [["AQ", "ID", "BA=="], "AQIDBA=="],
  ])("joins sounds: %j", async (pieces, data) => {
    const message = await messageOf(
      { audio: { id: "a", transcript: "Good " } },
      ...pieces.map((piece) => ({ audio: { data: piece } })),
      { audio: { transcript: "day", expires_at: 7 } },
    );
    expect(message?.audio).toEqual({ id: "a", transcript: "Good day", data, expires_at: 7 });
  });

  test("orders choices, and joins their log probabilities", async () => {
    const choice = (index: number, more: Partial<ChatChoice>): ChatChunk => ({
      choices: [{ index, delta: {}, finish_reason: null, native_finish_reason: null, ...more }],
    });
    const { choices, ...rest } = await collect(
      each([
        { ...choice(1, { logprobs: { content: [1] } }), service_tier: "default", system_fingerprint: "fp" },
        choice(0, { finish_reason: "stop", native_finish_reason: "end" }),
        choice(1, { logprobs: { content: [2], refusal: [3] }, finish_reason: "length" }),
      ]),
    );
    expect(choices.map(({ index, finish_reason, logprobs }) => ({ index, finish_reason, logprobs }))).toEqual([
      { index: 0, finish_reason: "stop", logprobs: null },
      { index: 1, finish_reason: "length", logprobs: { content: [1, 2], refusal: [3] } },
    ]);
    expect(rest).toEqual({ service_tier: "default", system_fingerprint: "fp" });
  });
});
