import { describe, expect, test } from "vitest";
import { type Answer, newAnswer } from "./chat";
import { exactCost, foldChunk, type WireChunk } from "./fold-chunk";

const fold = (...chunks: WireChunk[]): Answer =>
  chunks.reduce((answer, chunk, index) => foldChunk(answer, chunk, (index + 1) * 10), newAnswer("a/b"));
const delta = (delta: NonNullable<NonNullable<WireChunk["choices"]>[number]["delta"]>): WireChunk => ({
  choices: [{ delta, finish_reason: null }],
});

describe("foldChunk", () => {
  test("joins text and reasoning, and knows who answers", () => {
    const answer = fold(
      { id: "gen-1", provider: "Acme", ...delta({ reasoning: "Let me " }) },
      delta({ reasoning: "see", content: null }),
      delta({ content: "On" }),
      delta({ content: "e" }),
      { choices: [{ delta: {}, finish_reason: "stop" }] },
    );
    expect(answer).toMatchObject({
      text: "One",
      reasoning: "Let me see",
      generationId: "gen-1",
      provider: "Acme",
      finishReason: "stop",
      status: "streaming",
    });
  });

  test("counts the first token from the first thing that can be read", () => {
    expect(fold(delta({ content: "" }), delta({ content: "" })).firstTokenMs).toBeUndefined();
    expect(fold(delta({ content: "" }), delta({ content: "a" }), delta({ content: "b" })).firstTokenMs).toBe(20);
    expect(fold(delta({ reasoning: "a" })).firstTokenMs).toBe(10);
    expect(fold(delta({ tool_calls: [{ index: 0, id: "c", function: { name: "f" } }] })).firstTokenMs).toBe(10);
  });

  test("joins the arguments of calls that come in turns, whatever index they begin with", () => {
    const call = (index: number, text: string, head?: { id: string; name: string }) =>
      delta({ tool_calls: [{ index, id: head?.id, function: { name: head?.name, arguments: text } }] });
    const { toolCalls } = fold(
      call(1, "", { id: "c1", name: "f" }),
      call(3, '{"b"', { id: "c3", name: "g" }),
      call(1, '{"a":'),
      call(3, ":2}"),
      call(1, "1}"),
    );
    expect(toolCalls).toEqual([
      { index: 1, id: "c1", name: "f", arguments: '{"a":1}' },
      { index: 3, id: "c3", name: "g", arguments: '{"b":2}' },
    ]);
  });

  test("keeps blocks of reasoning apart, with their signatures", () => {
    const text = (text: string, index: number, more = {}) => ({ type: "reasoning.text", text, index, ...more });
    const { reasoningDetails } = fold(
      delta({ reasoning_details: [text("a", 0)] }),
      delta({ reasoning_details: [text("b", 0)] }),
      delta({ reasoning_details: [{ type: "reasoning.text", index: 0, signature: "s" }] }),
      delta({ reasoning_details: [text("c", 0)] }),
      delta({ reasoning_details: [text("d", 1)] }),
      delta({ reasoning_details: [{ type: "reasoning.summary", summary: "x", index: 2 }] }),
      delta({ reasoning_details: [{ type: "reasoning.summary", summary: "y", index: 2 }] }),
      delta({ reasoning_details: [{ type: "reasoning.encrypted", data: "e", index: 2 }] }),
      delta({ reasoning_details: [{ type: "reasoning.encrypted", data: "f", index: 2 }] }),
    );
    expect(reasoningDetails).toEqual([
      text("ab", 0, { signature: "s" }),
      text("c", 0),
      text("d", 1),
      { type: "reasoning.summary", summary: "xy", index: 2 },
      { type: "reasoning.encrypted", data: "e", index: 2 },
      { type: "reasoning.encrypted", data: "f", index: 2 },
    ]);
  });

  test("reads what was used, and what it cost to the nano-dollar", () => {
    const { usage } = fold({
      choices: [{ delta: { content: "" }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 7,
        completion_tokens: 3,
        cost: 0.000000123,
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    });
    expect(usage).toEqual({
      promptTokens: 7,
      completionTokens: 3,
      reasoningTokens: 1,
      cachedTokens: 2,
      cost: "0.000000123",
    });
  });

  test("an error in the stream fails the answer and keeps what came", () => {
    const answer = fold(delta({ content: "A beginning" }), {
      provider: "Acme",
      error: { code: 502, message: "Acme broke off", metadata: { error_type: "provider_unavailable" } },
      choices: [{ delta: { content: "" }, finish_reason: "error" }],
    });
    expect(answer).toMatchObject({
      status: "failed",
      text: "A beginning",
      failure: { status: 502, type: "provider_unavailable", message: "Acme broke off", provider: "Acme" },
    });
  });

  test("changes no answer that was already shown", () => {
    const before = fold(delta({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{" } }] }));
    const copy = structuredClone(before);
    foldChunk(before, delta({ content: "x", tool_calls: [{ index: 0, function: { arguments: "}" } }] }), 1);
    expect(before).toEqual(copy);
  });
});

test.each([
  [0, "0"],
  [0.1, "0.1"],
  [1e-9, "0.000000001"],
  [0.1 + 0.2, "0.3"],
  [1234.567890123, "1234.567890123"],
])("the cost %d is written %s", (dollars, text) => {
  expect(exactCost(dollars)).toBe(text);
});
