import { describe, expect, test } from "vitest";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { collect } from "@/lib/protocol/collect";
import type { Json } from "../dialect";
import { finishOf, usageOf } from "../testing/calls";
import { readWhole } from "./answer";
import { anthropicReader } from "./stream";

const start = (usage: object = { input_tokens: 10, output_tokens: 1 }) => ({
  type: "message_start",
  message: { id: "msg", role: "assistant", content: [], usage },
});
const open = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const piece = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
const close = (index: number) => ({ type: "content_block_stop", index });
const end = (stop_reason: string, usage: object = { output_tokens: 5 }) => ({
  type: "message_delta",
  delta: { stop_reason, stop_sequence: null },
  usage,
});
const stop = { type: "message_stop" };

function read(events: Json[]): { chunks: ChatChunk[]; finished: boolean; ended: boolean } {
  const reader = anthropicReader();
  const chunks = events.map((event) => reader.read(event)).filter((chunk) => chunk !== undefined);
  return { chunks, finished: reader.finished(), ended: reader.ended?.() ?? false };
}

async function messageOf(events: Json[]) {
  const { chunks } = read(events);
  const { choices } = await collect(
    (async function* () {
      yield* chunks;
    })(),
  );
  return choices[0]?.message;
}

describe("anthropicReader", () => {
  test("reads text, and tells the input's tokens at once", () => {
    const { chunks, finished, ended } = read([
      start({ input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 1 }),
      { type: "ping" },
      open(0, { type: "text", text: "" }),
      piece(0, { type: "text_delta", text: "Hel" }),
      piece(0, { type: "text_delta", text: "lo" }),
      close(0),
      end("end_turn"),
      stop,
    ]);
    expect(chunks[0]).toEqual({
      choices: [],
      usage: { input: 10, cacheRead: 4, cacheWrite: 0, cacheWriteHour: 0, audio: 0, output: 1, reasoning: 0 },
    });
    expect(chunks.slice(1).map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "Hel" },
      { content: "lo" },
      {},
    ]);
    expect(finishOf(chunks)).toMatchObject({ finish_reason: "stop", native_finish_reason: "end_turn" });
    expect(usageOf(chunks)).toMatchObject({ input: 10, cacheRead: 4, output: 5 });
    expect({ finished, ended }).toEqual({ finished: true, ended: true });
  });

  test("reads calls, numbered among themselves, and gives the one without arguments an object", async () => {
    const message = await messageOf([
      start(),
      open(0, { type: "text", text: "" }),
      piece(0, { type: "text_delta", text: "Looking" }),
      close(0),
      open(1, { type: "tool_use", id: "toolu_1", name: "look", input: {} }),
      piece(1, { type: "input_json_delta", partial_json: "" }),
      piece(1, { type: "input_json_delta", partial_json: '{"at":' }),
      piece(1, { type: "input_json_delta", partial_json: '"x"}' }),
      close(1),
      open(2, { type: "tool_use", id: "toolu_2", name: "now", input: {} }),
      piece(2, { type: "input_json_delta", partial_json: "" }),
      close(2),
      open(3, { type: "tool_use", id: "toolu_3", name: "whole", input: { a: 1 } }),
      close(3),
      end("tool_use"),
      stop,
    ]);
    expect(message?.tool_calls).toEqual([
      { id: "toolu_1", type: "function", function: { name: "look", arguments: '{"at":"x"}' } },
      { id: "toolu_2", type: "function", function: { name: "now", arguments: "{}" } },
      { id: "toolu_3", type: "function", function: { name: "whole", arguments: '{"a":1}' } },
    ]);
    expect(message?.content).toBe("Looking");
  });

  test("reads thoughts so that they can be brought back", async () => {
    const format = "anthropic-claude-v1";
    const message = await messageOf([
      start(),
      open(0, { type: "thinking", thinking: "", signature: "" }),
      piece(0, { type: "thinking_delta", thinking: "Let me " }),
      piece(0, { type: "thinking_delta", thinking: "see" }),
      piece(0, { type: "signature_delta", signature: "sig" }),
      close(0),
      open(1, { type: "redacted_thinking", data: "enc" }),
      close(1),
      open(2, { type: "text", text: "" }),
      piece(2, { type: "text_delta", text: "Yes" }),
      close(2),
      end("end_turn"),
      stop,
    ]);
    expect(message).toMatchObject({ content: "Yes", reasoning: "Let me see" });
    expect(message?.reasoning_details).toEqual([
      { type: "reasoning.text", text: "Let me see", signature: "sig", format, index: 0 },
      { type: "reasoning.encrypted", data: "enc", format, index: 1 },
    ]);
  });

  test("joins the usage of both ends in buckets that do not overlap", () => {
    const { chunks } = read([
      start({
        input_tokens: 10,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 50,
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
        output_tokens: 2,
      }),
      end("end_turn", {
        input_tokens: null,
        cache_read_input_tokens: 100,
        output_tokens: 40,
        output_tokens_details: { thinking_tokens: 15 },
      }),
    ]);
    expect(usageOf(chunks)).toEqual({
      input: 10,
      cacheRead: 100,
      cacheWrite: 20,
      cacheWriteHour: 30,
      audio: 0,
      output: 25,
      reasoning: 15,
    });
  });

  test.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["tool_use", "tool_calls"],
    ["refusal", "content_filter"],
    ["something_new", "stop"],
  ])("maps %s to %s", (native, ours) => {
    expect(finishOf(read([start(), end(native)]).chunks)).toMatchObject({
      finish_reason: ours,
      native_finish_reason: native,
    });
  });

  test("is not finished without a reason", () => {
    expect(read([start(), open(0, { type: "text", text: "a" }), close(0)]).finished).toBe(false);
    expect(
      read([start(), { type: "message_delta", delta: { stop_reason: null }, usage: { output_tokens: 3 } }]).finished,
    ).toBe(false);
  });

  test("passes over what it does not know", () => {
    const { chunks } = read([
      { type: "new_event" },
      open(0, { type: "server_tool_use", id: "x" }),
      piece(0, { type: "citations_delta", citation: {} }),
      piece(0, { type: "text_delta", text: "" }),
      piece(0, { type: "input_json_delta", partial_json: "{}" }),
      close(0),
      {},
    ]);
    expect(chunks).toEqual([]);
  });
});

test("readWhole is one chunk with everything", () => {
  const answer = {
    content: [
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "redacted_thinking", data: "enc" },
      { type: "text", text: "Look" },
      { type: "text", text: "ing" },
      { type: "tool_use", id: "t1", name: "look", input: { at: "x" } },
      { type: "tool_use", id: "t2", name: "now", input: {} },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 3, output_tokens: 9 },
  };
  expect(readWhole(answer)).toMatchObject({
    choices: [
      {
        delta: {
          role: "assistant",
          content: "Looking",
          reasoning: "hm",
          reasoning_details: [
            { type: "reasoning.text", text: "hm", signature: "sig" },
            { type: "reasoning.encrypted", data: "enc" },
          ],
          tool_calls: [
            { index: 0, id: "t1", type: "function", function: { name: "look", arguments: '{"at":"x"}' } },
            { index: 1, id: "t2", type: "function", function: { name: "now", arguments: "{}" } },
          ],
        },
        finish_reason: "tool_calls",
        native_finish_reason: "tool_use",
      },
    ],
    usage: { input: 3, output: 9 },
  });
  expect(() => readWhole({ type: "message" })).toThrow();
});
