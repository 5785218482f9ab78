import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { mayThink, toReasoning } from "./reasoning-wish";

const reasoningOf = (body: object, model = "gpt-5.6-sol", maxOutputTokens = 10_000) =>
  toReasoning(callOf({ ...body }, model, { maxOutputTokens }));

describe("toReasoning", () => {
  test.each([
    [{ reasoning: { effort: "high" } }, { effort: "high", summary: "auto" }],
    [{ reasoning_effort: "low" }, { effort: "low", summary: "auto" }],
    [{ reasoning: { effort: "low", max_tokens: 9_000 } }, { effort: "low", summary: "auto" }],
    [{ reasoning: { enabled: true } }, { effort: "medium", summary: "auto" }],
    [{ reasoning: {} }, { summary: "auto" }],
    [{ include_reasoning: true }, { summary: "auto" }],
    [{ reasoning: { effort: "high", summary: "detailed" } }, { effort: "high", summary: "detailed" }],
    [{ reasoning: { effort: "high", summary: "poem" } }, { effort: "high", summary: "auto" }],
    [{ reasoning: { effort: "high", exclude: true } }, { effort: "high" }],
    [{ reasoning_effort: "high", include_reasoning: false }, { effort: "high" }],
    [{ reasoning: { effort: "none" } }, { effort: "none" }],
    [{ reasoning: { enabled: false } }, { effort: "none" }],
    [{ include_reasoning: false }, undefined],
    [{}, undefined],
  ])("of %j is %j", (body, reasoning) => {
    expect(reasoningOf(body)).toEqual(reasoning);
  });

  test.each([
    [9_500, "xhigh"],
    [8_000, "high"],
    [5_000, "medium"],
    [2_000, "low"],
    [500, "low"],
  ])("%i of 10000 tokens are %s", (max_tokens, effort) => {
    expect(reasoningOf({ reasoning: { max_tokens } })?.effort).toBe(effort);
  });

  test.each([
    ["o3", "minimal", "low"],
    ["o4-mini", "max", "high"],
    ["gpt-5", "minimal", "minimal"],
    ["gpt-5-mini-2025-08-07", "xhigh", "high"],
    ["gpt-5-codex", "minimal", "low"],
    ["gpt-5-pro", "low", "high"],
    ["gpt-5.1", "minimal", "low"],
    ["gpt-5.1", "xhigh", "high"],
    ["gpt-5.1-codex-max", "xhigh", "xhigh"],
    ["gpt-5.2", "max", "xhigh"],
    ["gpt-5.2-pro", "low", "medium"],
    ["gpt-5.2-chat-latest", "high", "medium"],
    ["gpt-5.4-mini", "minimal", "low"],
    ["gpt-5.6-terra", "max", "max"],
    ["gpt-6-astra", "minimal", "low"],
    ["somebody-elses-model", "minimal", "minimal"],
    ["somebody-elses-model", "max", "max"],
  ])("%s is told for %s: %s", (model, wanted, effort) => {
    expect(reasoningOf({ reasoning: { effort: wanted } }, model)?.effort).toBe(effort);
  });

  test("leaves a no to the model, which may not know it", () => {
    expect(reasoningOf({ reasoning: { effort: "none" } }, "o3")).toEqual({ effort: "none" });
  });
});

describe("mayThink", () => {
  test.each([
    ["gpt-4o-mini", false],
    ["gpt-4.1", false],
    ["gpt-3.5-turbo", false],
    ["chatgpt-4o-latest", false],
    ["gpt-5-chat-latest", false],
    ["ft:gpt-4.1-2025-04-14:acme::abc", false],
    ["gpt-5", true],
    ["gpt-6-sol", true],
    ["o3", true],
    ["codex-mini-latest", true],
    ["somebody-elses-model", true],
  ])("%s: %s", (upstreamModel, may) => {
    expect(mayThink({ upstreamModel })).toBe(may);
  });

  test("believes what is known of the endpoint", () => {
    expect(mayThink({ upstreamModel: "gpt-5", mayThink: false })).toBe(false);
    expect(mayThink({ upstreamModel: "gpt-4o", mayThink: true })).toBe(true);
  });
});
