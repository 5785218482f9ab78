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
const ephemeral = { type: "ephemeral" };

describe("parameters", () => {
  test("are bounded and renamed", () => {
    expect(bodyOf({ temperature: 1.7, top_k: 5, stop: "END", max_tokens: 7 })).toMatchObject({
      model: "claude-sonnet-4-5",
      max_tokens: 4_000,
      temperature: 1,
      top_k: 5,
      stop_sequences: ["END"],
    });
    expect(bodyOf({ stop: ["a", " ", "\n"] }).stop_sequences).toEqual(["a"]);
    expect(bodyOf({ stop: [" "] })).not.toHaveProperty("stop_sequences");
  });

  test("hold only one of temperature and top_p", () => {
    expect(bodyOf({ temperature: 0.5, top_p: 0.9 })).not.toHaveProperty("top_p");
    expect(bodyOf({ top_p: 0.9 })).toMatchObject({ top_p: 0.9 });
  });

  test("say nothing of who the caller is, nor what Anthropic does not know", () => {
    const keys = Object.keys(
      bodyOf({
        user: "alice",
        metadata: { a: "b" },
        seed: 1,
        n: 2,
        logprobs: true,
        service_tier: "auto",
        stream: false,
      }),
    );
    expect(keys).toEqual(["model", "max_tokens", "messages"]);
  });

  test("carry cache breakpoints of the request and of tools", () => {
    const body = bodyOf({
      cache_control: ephemeral,
      tools: [{ ...tools[0], cache_control: { type: "ephemeral", ttl: "1h" } }],
    });
    expect(body.cache_control).toEqual(ephemeral);
    expect(body.tools).toEqual([
      {
        name: "look",
        description: "Looks",
        input_schema: tools[0]?.function.parameters,
        cache_control: { type: "ephemeral", ttl: "1h" },
      },
    ]);
  });

  test("give a tool without parameters an object", () => {
    expect(bodyOf({ tools: [{ type: "function", function: { name: "now" } }] }).tools).toEqual([
      { name: "now", input_schema: { type: "object" } },
    ]);
  });

  test.each([
    [{ tool_choice: "auto" }, { type: "auto" }],
    [{ tool_choice: "none", parallel_tool_calls: false }, { type: "none" }],
    [{ tool_choice: "required" }, { type: "any" }],
    [{ tool_choice: { type: "function", function: { name: "look" } } }, { type: "tool", name: "look" }],
    [
      { tool_choice: "required", parallel_tool_calls: false },
      { type: "any", disable_parallel_tool_use: true },
    ],
    [{ parallel_tool_calls: false }, { type: "auto", disable_parallel_tool_use: true }],
    [{ parallel_tool_calls: true }, undefined],
    [{}, undefined],
  ])("tool_choice of %j", (body, choice) => {
    expect(bodyOf({ tools, ...body }).tool_choice).toEqual(choice);
    expect(bodyOf(body).tool_choice).toBeUndefined();
  });

  test("turn a JSON schema into Anthropic's, and an object without one into an instruction", () => {
    const schema = { type: "object", properties: { n: { type: "integer", minimum: 1 } }, required: ["n"] };
    const format = bodyOf({ response_format: { type: "json_schema", json_schema: { name: "x", schema } } })
      .output_config?.format;
    expect(format).toMatchObject({
      type: "json_schema",
      schema: { type: "object", required: ["n"], additionalProperties: false },
    });
    expect(format?.schema).not.toHaveProperty("properties.n.minimum");
    expect(bodyOf({ response_format: { type: "json_object" } }).system).toEqual([
      { type: "text", text: expect.stringContaining("JSON") },
    ]);
    expect(
      bodyOf({ response_format: { type: "json_schema", json_schema: { name: "x", schema: { not: {} } } } })
        .output_config?.format?.schema,
    ).toEqual({ not: {} });
  });
});
