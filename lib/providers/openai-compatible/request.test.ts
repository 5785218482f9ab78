import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toOpenAiRequest } from "./request";

const genuine = (body: Record<string, unknown> = {}) =>
  toOpenAiRequest(callOf(body, "gpt-5"), true) as unknown as Record<string, unknown>;
const other = (body: Record<string, unknown> = {}) =>
  toOpenAiRequest(callOf(body, "llama"), false) as unknown as Record<string, unknown>;

const hello = { role: "user", content: "Hello" };
const tools = [
  {
    type: "function",
    function: { name: "look", parameters: { type: "object" }, strict: true },
    cache_control: { type: "ephemeral" },
  },
];

describe("toOpenAiRequest", () => {
  test("bounds the answer in the way that the server knows", () => {
    expect(genuine({ max_tokens: 9 })).toEqual({ model: "gpt-5", messages: [hello], max_completion_tokens: 4_000 });
    expect(other({ max_completion_tokens: 9 })).toEqual({ model: "llama", messages: [hello], max_tokens: 4_000 });
  });

  test("tells OpenAI alone how much to write", () => {
    expect(genuine({ verbosity: "max" }).verbosity).toBe("high");
    expect(genuine({ verbosity: "low" }).verbosity).toBe("low");
    expect(other({ verbosity: "low" })).not.toHaveProperty("verbosity");
  });

  test("asks for the usage of a stream", () => {
    expect(genuine({ stream: true })).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(genuine({ stream: false })).not.toHaveProperty("stream_options");
  });

  const sampling = {
    temperature: 0.5,
    top_p: 0.9,
    seed: 7,
    stop: ["a"],
    n: 2,
    logprobs: true,
    top_logprobs: 3,
    logit_bias: { "1": 2 },
    presence_penalty: 1,
    frequency_penalty: 1,
    response_format: { type: "json_object" },
  };

  test("passes on what OpenAI knows", () => {
    expect(genuine(sampling)).toMatchObject(sampling);
  });

  test("keeps back what OpenAI refuses, what costs extra, and who the caller is", () => {
    const kept = {
      provider: {},
      models: ["a/b"],
      route: "fallback",
      transforms: [],
      plugins: [],
      usage: { include: true },
      include_reasoning: true,
      session_id: "s",
      trace: {},
      debug: {},
      preset: "p",
      top_a: 0.1,
      repetition_penalty: 1.1,
      min_p: 0.1,
      top_k: 5,
      user: "alice@example.org",
      metadata: { a: "b" },
      store: true,
      service_tier: "priority",
      web_search_options: {},
      prediction: { type: "content", content: "x" },
      modalities: ["text", "audio"],
      audio: {},
      unheard_of: 1,
      stop: [],
      temperature: null,
    };
    expect(Object.keys(genuine(kept))).toEqual(["model", "messages", "max_completion_tokens"]);
    expect(Object.keys(other(kept))).toEqual([
      "model",
      "messages",
      "max_tokens",
      "top_k",
      "min_p",
      "repetition_penalty",
    ]);
  });

  test("sends tools, and what is said about them, only together", () => {
    const choice = { type: "function", function: { name: "look", extra: 1 } };
    expect(genuine({ tools, tool_choice: choice, parallel_tool_calls: false })).toMatchObject({
      tools: [{ type: "function", function: { name: "look", parameters: { type: "object" }, strict: true } }],
      tool_choice: { type: "function", function: { name: "look" } },
      parallel_tool_calls: false,
    });
    expect(genuine({ tools })).toHaveProperty("tools", [
      expect.not.objectContaining({ cache_control: expect.anything() }),
    ]);
    const without = genuine({ tools: [], tool_choice: "auto", parallel_tool_calls: true });
    expect(Object.keys(without)).toEqual(["model", "messages", "max_completion_tokens"]);
  });

  test.each([
    [{ reasoning: { effort: "high" } }, "high"],
    [{ reasoning_effort: "low" }, "low"],
    [{ reasoning: { enabled: true } }, "medium"],
    [{ reasoning: { enabled: false } }, "none"],
    [{ reasoning: { effort: "none" } }, "none"],
    [{ reasoning: { max_tokens: 3_200 } }, "high"],
    [{ reasoning: { max_tokens: 400 } }, "minimal"],
    [{ reasoning: {} }, undefined],
    [{}, undefined],
  ])("tells the effort of %j", (body, effort) => {
    expect(toOpenAiRequest(callOf(body, "a-model"), true).reasoning_effort).toBe(effort);
  });

  test.each([
    ["gpt-5", "none", "minimal"],
    ["gpt-5-mini", "xhigh", "high"],
    ["gpt-5-2025-08-07", "minimal", "minimal"],
    ["gpt-5-pro", "low", "high"],
    ["gpt-5.1", "minimal", "low"],
    ["gpt-5.1", "xhigh", "high"],
    ["gpt-5.1-codex-max", "max", "xhigh"],
    ["gpt-5.4-mini", "max", "xhigh"],
    ["gpt-6-sol", "max", "max"],
    ["o4-mini", "none", "low"],
    ["openai/gpt-oss-120b", "minimal", "low"],
    ["deepseek-v4", "max", "max"],
  ])("tells %s, asked for %s, the next that it knows: %s", (model, reasoning_effort, effort) => {
    expect(toOpenAiRequest(callOf({ reasoning_effort }, model), true).reasoning_effort).toBe(effort);
  });

  test("frees messages of what is not OpenAI's", () => {
    const { messages } = genuine({
      messages: [
        { role: "system", content: [{ type: "text", text: "Be brief", cache_control: { type: "ephemeral" } }] },
        {
          role: "user",
          name: "ann",
          content: [
            { type: "text", text: "See" },
            { type: "image_url", image_url: { url: "https://x/y.png", detail: "low", more: 1 } },
          ],
        },
        {
          role: "assistant",
          content: null,
          reasoning: "hm",
          reasoning_details: [{ type: "reasoning.text", text: "hm" }],
          annotations: [],
          model: "m",
          tool_calls: [{ id: "c1", type: "function", index: 0, function: { name: "look", arguments: "{}", extra: 1 } }],
        },
        { role: "tool", tool_call_id: "c1", content: "seen", name: "look" },
        { role: "assistant", content: null },
      ],
    });
    expect(messages).toEqual([
      { role: "system", content: [{ type: "text", text: "Be brief" }] },
      {
        role: "user",
        name: "ann",
        content: [
          { type: "text", text: "See" },
          { type: "image_url", image_url: { url: "https://x/y.png", detail: "low" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c1", content: "seen" },
      { role: "assistant", content: "" },
    ]);
  });

  test("speaks to other servers in the older words", () => {
    const messages = [
      { role: "developer", content: [{ type: "text", text: "Be brief" }] },
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
    ];
    expect(other({ messages }).messages).toEqual([{ role: "system", content: "Be brief" }, messages[1]]);
    expect(genuine({ messages }).messages).toEqual(messages);
  });

  test("sends files by their content, never by an id of the operator's", () => {
    const content = [
      { type: "file", file: { file_id: "file-123", filename: "a.pdf", file_data: "data:application/pdf;base64,QQ==" } },
    ];
    const { messages } = genuine({ messages: [{ role: "user", content }] });
    expect(messages).toEqual([
      {
        role: "user",
        content: [{ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,QQ==" } }],
      },
    ]);
  });
});
