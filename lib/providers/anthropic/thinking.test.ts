import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toAnthropicRequest } from "./request";

const bodyOf = (body: Record<string, unknown> = {}, model = "claude-sonnet-4-5", maxOutputTokens = 4_000) =>
  toAnthropicRequest(callOf(body, model, { maxOutputTokens }));
const tools = [
  {
    type: "function",
    function: {
      name: "look",
      description: "Looks",
      parameters: { type: "object", properties: { at: { type: "string" } } },
    },
  },
];
const called = (id: string, text: string) => ({ id, type: "function", function: { name: "look", arguments: text } });

describe("reasoning", () => {
  const thinkingOf = (body: object, model?: string, most?: number) => bodyOf({ ...body }, model, most).thinking;

  test.each([
    [{ effort: "high" }, 4_000, 3_200],
    [{ effort: "low" }, 4_000, 1_024],
    [{ effort: "max" }, 1_000_000, 128_000],
    [{ max_tokens: 2_000 }, 4_000, 2_000],
    [{ max_tokens: 9_000 }, 4_000, 3_999],
    [{ enabled: true }, 4_000, 2_000],
    [{ effort: "high" }, 1_025, 1_024],
  ])("%j with room for %i is a budget of %i on older models", (reasoning, most, budget) => {
    expect(thinkingOf({ reasoning }, "claude-sonnet-4-5", most)).toEqual({ type: "enabled", budget_tokens: budget });
    expect(budget).toBeLessThan(most);
  });

  test("needs room for the least budget", () => {
    expect(thinkingOf({ reasoning: { effort: "high" } }, "claude-sonnet-4-5", 1_024)).toBeUndefined();
  });

  test.each([
    "claude-3-7-sonnet-20250219",
    "claude-sonnet-4-20250514",
    "claude-opus-4-1-20250805",
    "claude-haiku-4-5",
    "claude-opus-4-5@20251101",
    "MiniMax-M2",
  ])("is a budget for %s", (model) => {
    expect(thinkingOf({ reasoning: { effort: "high" } }, model)).toMatchObject({ type: "enabled" });
  });

  test.each([
    "claude-opus-4-6",
    "claude-sonnet-4-6",
    "claude-opus-4-7",
    "claude-opus-5",
    "claude-sonnet-5-5",
    "claude-fable-5",
    "claude-mythos-preview",
  ])("is an effort for %s", (model) => {
    expect(bodyOf({ reasoning: { effort: "high" } }, model)).toMatchObject({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "high" },
    });
  });

  test("maps efforts to the next that the model knows", () => {
    const effortOf = (reasoning: object, model = "claude-opus-5") => bodyOf({ reasoning }, model).output_config?.effort;
    expect(effortOf({ effort: "minimal" })).toBe("low");
    expect(effortOf({ effort: "xhigh" })).toBe("xhigh");
    expect(effortOf({ effort: "xhigh" }, "claude-opus-4-6")).toBe("high");
    expect(effortOf({ max_tokens: 2_000 })).toBe("medium");
    expect(bodyOf({ verbosity: "low" }, "claude-opus-5").output_config).toEqual({ effort: "low" });
    expect(bodyOf({ verbosity: "low" }, "claude-sonnet-4-5").output_config).toBeUndefined();
  });

  test("is hidden, switched off or left alone as the caller says", () => {
    expect(thinkingOf({ reasoning: { effort: "high", exclude: true } }, "claude-opus-5")).toMatchObject({
      display: "omitted",
    });
    expect(thinkingOf({ reasoning: { effort: "none" } })).toEqual({ type: "disabled" });
    expect(thinkingOf({ reasoning: { enabled: false } }, "claude-opus-5")).toEqual({ type: "disabled" });
    expect(thinkingOf({})).toBeUndefined();
    expect(thinkingOf({}, "claude-opus-5")).toBeUndefined();
  });

  test("takes the sampling parameters away, which Anthropic refuses beside it", () => {
    const sampling = { temperature: 0.2, top_p: 0.5, top_k: 3 };
    const body = bodyOf({ ...sampling, reasoning: { effort: "high" } });
    for (const name of Object.keys(sampling)) expect(body).not.toHaveProperty(name);
    expect(bodyOf({ ...sampling, reasoning: { effort: "none" } })).toMatchObject({ temperature: 0.2, top_k: 3 });
  });

  describe("with a budget is left out where Anthropic would refuse it", () => {
    const reasoning = { effort: "high" };
    const turn = [
      { role: "user", content: "go" },
      { role: "assistant", tool_calls: [called("a", "{}")] },
      { role: "tool", tool_call_id: "a", content: "x" },
    ];
    const signed = { type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1" };

    test.each([
      ["a tool that must be called", { tools, tool_choice: "required" }],
      [
        "a prefill",
        {
          messages: [
            { role: "user", content: "a" },
            { role: "assistant", content: "b" },
          ],
        },
      ],
      ["a result whose call came without signed thoughts", { messages: turn }],
    ])("%s", (_, body) => {
      expect(thinkingOf({ reasoning, ...body })).toBeUndefined();
      expect(thinkingOf({ reasoning, ...body }, "claude-opus-5")).toMatchObject({ type: "adaptive" });
    });

    test("but not where the signed thoughts came back", () => {
      const messages = [turn[0], { ...turn[1], reasoning_details: [signed] }, turn[2]];
      expect(thinkingOf({ reasoning, messages })).toMatchObject({ type: "enabled" });
    });
  });
});
