import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toResponsesRequest } from "./request";

const bodyOf = (body: Record<string, unknown> = {}, model = "gpt-5.4", maxOutputTokens = 4_000) =>
  toResponsesRequest(callOf(body, model, { maxOutputTokens })) as unknown as Record<string, unknown>;

const schema = { type: "object", properties: { at: { type: "string" } }, $defs: {} };
const tools = [
  { type: "function", function: { name: "look", description: "Looks", parameters: schema }, cache_control: {} },
];

describe("toResponsesRequest", () => {
  test("bounds the answer, keeps nothing at OpenAI, and asks for what the next turn needs", () => {
    expect(bodyOf({ max_tokens: 9 })).toEqual({
      model: "gpt-5.4",
      input: [{ role: "user", content: "Hello" }],
      max_output_tokens: 4_000,
      store: false,
      include: ["reasoning.encrypted_content"],
    });
    expect(bodyOf({ stream: true })).toMatchObject({ stream: true, store: false });
  });

  test("asks for no less than OpenAI gives", () => {
    expect(bodyOf({}, "gpt-5.4", 5).max_output_tokens).toBe(16);
    expect(bodyOf({}, "gpt-5.4", 17).max_output_tokens).toBe(17);
  });

  test.each([
    ["temperature", 0],
    ["top_p", 0.5],
    ["prompt_cache_key", "k"],
  ])("passes on %s where it is given", (name, value) => {
    expect(bodyOf({ [name]: value })).toHaveProperty(name, value);
    expect(bodyOf()).not.toHaveProperty(name);
    expect(bodyOf({ [name]: null })).not.toHaveProperty(name);
  });

  test("keeps back what this API does not know, what costs extra, and who the caller is", () => {
    const kept = {
      ...{ frequency_penalty: 1, presence_penalty: 1, logit_bias: { "1": 2 }, seed: 7, stop: ["a"], n: 2 },
      ...{ top_k: 3, min_p: 0.1, top_a: 0.1, repetition_penalty: 1.1 },
      ...{ service_tier: "priority", prediction: {}, web_search_options: {}, audio: {} },
      ...{ user: "u", metadata: { a: "b" }, session_id: "s", provider: {}, models: ["a/b"], plugins: [] },
    };
    expect(bodyOf({ ...kept, store: true, previous_response_id: "r", background: true })).toEqual(bodyOf());
  });

  test.each([
    [{ type: "text" }, { type: "text" }],
    [{ type: "json_object" }, { type: "json_object" }],
    [
      { type: "json_schema", json_schema: { name: "place", schema } },
      { type: "json_schema", name: "place", schema, strict: false },
    ],
    [
      { type: "json_schema", json_schema: { name: "place", description: "Where", schema, strict: true } },
      { type: "json_schema", name: "place", description: "Where", schema, strict: true },
    ],
  ])("%j is the format %j", (response_format, format) => {
    expect(bodyOf({ response_format }).text).toEqual({ format });
  });

  test.each([
    ["low", "low"],
    ["high", "high"],
    ["xhigh", "high"],
    ["max", "high"],
  ])("verbosity %s is %s", (verbosity, sent) => {
    expect(bodyOf({ verbosity }).text).toEqual({ verbosity: sent });
  });

  test("takes tools out of their envelope, and leaves their schema as it is", () => {
    const tool = { type: "function", name: "look", description: "Looks", parameters: schema };
    expect(bodyOf({ tools }).tools).toEqual([{ ...tool, strict: false }]);
    const strict = [{ type: "function", function: { name: "look", parameters: schema, strict: true } }];
    expect(bodyOf({ tools: strict }).tools).toEqual([
      { type: "function", name: "look", parameters: schema, strict: true },
    ]);
    expect(bodyOf({ tools: [{ type: "function", function: { name: "now" } }] }).tools).toEqual([
      { type: "function", name: "now", parameters: { type: "object", properties: {} }, strict: false },
    ]);
  });

  test.each([
    ["none", "none"],
    ["auto", "auto"],
    ["required", "required"],
    [
      { type: "function", function: { name: "look" } },
      { type: "function", name: "look" },
    ],
  ])("tool_choice %j is %j, and goes with tools only", (tool_choice, sent) => {
    expect(bodyOf({ tools, tool_choice }).tool_choice).toEqual(sent);
    expect(bodyOf({ tool_choice })).not.toHaveProperty("tool_choice");
  });

  test("says whether calls may be parallel, where there are tools", () => {
    expect(bodyOf({ tools, parallel_tool_calls: false }).parallel_tool_calls).toBe(false);
    expect(bodyOf({ tools })).not.toHaveProperty("parallel_tool_calls");
    expect(bodyOf({ parallel_tool_calls: false })).not.toHaveProperty("parallel_tool_calls");
  });

  test("asks for probabilities in two places", () => {
    expect(bodyOf({ logprobs: true, top_logprobs: 3 }, "gpt-4.1")).toMatchObject({
      include: ["message.output_text.logprobs"],
      top_logprobs: 3,
    });
    expect(bodyOf({ top_logprobs: 3 }, "gpt-4.1")).not.toHaveProperty("top_logprobs");
  });

  test("says nothing of reasoning to a model that does not think", () => {
    const reasoning_details = [
      { type: "reasoning.encrypted", data: "x", id: "rs_1", format: "openai-responses-v1", index: 0 },
    ];
    const messages = [{ role: "assistant", content: "Hi", reasoning_details }];
    const body = bodyOf({ messages, reasoning: { effort: "high" } }, "gpt-4.1");
    expect(body).not.toHaveProperty("include");
    expect(body).not.toHaveProperty("reasoning");
    expect(JSON.stringify(body.input)).not.toContain("rs_1");
  });
});
