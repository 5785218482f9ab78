import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { type Becomes, differenceFromHello, examples, look } from "../testing/request-fields";
import { toAnthropicRequest } from "./request";

const becomesOf = (body: Record<string, unknown>, model = "claude-sonnet-4-5") =>
  differenceFromHello(toAnthropicRequest, body, model);

const ephemeral = { type: "ephemeral" };
const lookTool = { name: "look", description: "Looks", input_schema: look.parameters };
const jsonOnly = [{ type: "text", text: "Answer with one JSON object and nothing else." }];

const every: Becomes = {
  ...{ models: {}, provider: {}, route: {}, preset: {}, plugins: {}, transforms: {}, usage: {}, stream_options: {} },
  ...{ min_p: {}, top_a: {}, frequency_penalty: {}, presence_penalty: {}, repetition_penalty: {}, logit_bias: {} },
  ...{ logprobs: {}, top_logprobs: {}, n: {}, seed: {}, max_tool_calls: {}, stop_server_tools_when: {} },
  ...{ structured_outputs: {}, include_reasoning: {}, modalities: {}, audio: {}, image_config: {}, prediction: {} },
  ...{ prompt_cache_key: {}, prompt_cache_options: {}, web_search_options: {}, x_search_filter: {} },
  ...{ service_tier: {}, user: {}, session_id: {}, metadata: {}, trace: {}, debug: {}, unheard_of: {} },
  // The gateway has made one bound of them, which is always sent.
  ...{ max_tokens: {}, max_completion_tokens: {} },
  // Only beside tools.
  ...{ tool_choice: {}, parallel_tool_calls: {} },
  // Only to models that know an effort.
  verbosity: {},
  stream: { stream: true },
  temperature: { temperature: 0.5 },
  top_p: { top_p: 0.9 },
  top_k: { top_k: 5 },
  stop: { stop_sequences: ["END"] },
  tools: { tools: [lookTool] },
  response_format: { system: jsonOnly },
  reasoning: { thinking: { type: "enabled", budget_tokens: 3_200 } },
  reasoning_effort: { thinking: { type: "enabled", budget_tokens: 1_024 } },
  cache_control: { cache_control: { type: "ephemeral", ttl: "1h" } },
};

describe("every field", () => {
  test.each(Object.entries(every))("%s", async (name, becomes) => {
    expect(await becomesOf({ [name]: examples[name as keyof typeof examples] })).toEqual(becomes);
  });

  test.each(Object.keys(examples))("%s that is null is as good as none", async (name) => {
    expect(await becomesOf({ [name]: null })).toEqual({});
  });
});

describe("forms of a field", () => {
  const { tools } = examples;
  const sent = { tools: [lookTool] };
  const withCache = (holder: object) => [{ type: "function", ...holder }];
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { n: { type: ["integer", "null"], exclusiveMinimum: 0 }, kind: { const: "a" } },
    additionalProperties: { type: "string" },
  };
  const parameters = (kept: object) => ({ tools: [{ name: "look", input_schema: kept }] });

  test.each([
    [{ temperature: 2 }, { temperature: 1 }],
    [{ temperature: 0, top_p: 0.5 }, { temperature: 0 }],
    [{ top_k: 0 }, {}],
    [{ stop: "" }, {}],
    [{ stop: ["a", "", "\n", "b"] }, { stop_sequences: ["a", "b"] }],
    [{ service_tier: "default" }, { service_tier: "standard_only" }],
    ...["auto", "flex", "fast", "priority", "scale"].map((service_tier) => [{ service_tier }, {}]),
    [{ cache_control: { type: "ephemeral" } }, { cache_control: ephemeral }],
    [{ cache_control: { type: "other" } }, {}],
    [{ tools: [] }, {}],
    [
      { tools: withCache({ function: look, cache_control: ephemeral }) },
      { tools: [{ ...lookTool, cache_control: ephemeral }] },
    ],
    [
      { tools: withCache({ function: { ...look, cache_control: ephemeral } }) },
      { tools: [{ ...lookTool, cache_control: ephemeral }] },
    ],
    [
      { tools: withCache({ function: look, eager_input_streaming: true }) },
      { tools: [{ ...lookTool, eager_input_streaming: true }] },
    ],
    [{ tools: withCache({ function: { ...look, strict: true } }) }, sent],
    [{ tools: withCache({ function: { name: "look", parameters: schema } }) }, parameters(schema)],
    [{ tools: withCache({ function: { name: "look", parameters: {} } }) }, parameters({ type: "object" })],
    [
      { tools, tool_choice: "none" },
      { ...sent, tool_choice: { type: "none" } },
    ],
    [
      { tools, tool_choice: "auto" },
      { ...sent, tool_choice: { type: "auto" } },
    ],
    [
      { tools, tool_choice: "required" },
      { ...sent, tool_choice: { type: "any" } },
    ],
    [
      { tools, tool_choice: { type: "function", function: { name: "look" } } },
      { ...sent, tool_choice: { type: "tool", name: "look" } },
    ],
    [{ tools, parallel_tool_calls: true }, sent],
    [
      { tools, parallel_tool_calls: false },
      { ...sent, tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    ],
    [{ response_format: { type: "text" } }, {}],
    [
      {
        response_format: {
          type: "json_schema",
          json_schema: {
            name: "x",
            strict: true,
            schema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
          },
        },
      },
      {
        output_config: {
          format: {
            type: "json_schema",
            schema: {
              type: "object",
              properties: { n: { type: "integer" } },
              additionalProperties: false,
              required: ["n"],
            },
          },
        },
      },
    ],
    [{ reasoning: { max_tokens: 2_000 } }, { thinking: { type: "enabled", budget_tokens: 2_000 } }],
    [{ reasoning: { enabled: true } }, { thinking: { type: "enabled", budget_tokens: 2_000 } }],
    [{ reasoning: { effort: "none" } }, { thinking: { type: "disabled" } }],
    [{ reasoning: { enabled: false } }, { thinking: { type: "disabled" } }],
    [{ reasoning: { exclude: true } }, {}],
    [
      { reasoning: { effort: "high" }, temperature: 0.2, top_p: 0.5, top_k: 4 },
      { thinking: { type: "enabled", budget_tokens: 3_200 } },
    ],
  ] as [Record<string, unknown>, Record<string, unknown>][])("%j", async (body, becomes) => {
    expect(await becomesOf(body)).toEqual(becomes);
  });

  test.each([
    [{ verbosity: "low" }, "claude-opus-4-5", { output_config: { effort: "low" } }],
    [{ verbosity: "max" }, "claude-opus-4-5", { output_config: { effort: "high" } }],
    [
      { verbosity: "low", reasoning: { effort: "low" } },
      "claude-opus-4-5",
      { output_config: { effort: "low" }, thinking: { type: "enabled", budget_tokens: 1_024 } },
    ],
    [{ verbosity: "max" }, "claude-opus-5", { output_config: { effort: "max" } }],
    [
      { verbosity: "low", reasoning: { effort: "high" } },
      "claude-opus-5",
      { output_config: { effort: "high" }, thinking: { type: "adaptive", display: "summarized" } },
    ],
    [
      { reasoning: { effort: "minimal", exclude: true } },
      "claude-opus-5",
      { output_config: { effort: "low" }, thinking: { type: "adaptive", display: "omitted" } },
    ],
  ])("%j to %s", async (body, model, becomes) => {
    expect(await becomesOf(body, model)).toEqual(becomes);
  });
});

describe("messages", () => {
  type Messages = Record<string, unknown>[];
  const messagesOf = (messages: Messages) => toAnthropicRequest(callOf({ messages }, "claude-sonnet-4-5")).messages;
  const text = (words: string, more: object = {}) => ({ type: "text", text: words, ...more });
  const user = (...content: object[]) => ({ role: "user", content });
  const hello = { role: "user", content: "Hello" };
  const greeted = user(text("Hello"));
  const data = { type: "base64", media_type: "image/png", data: "QQ==" };
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,QQ==", detail: "high" } };
  const call = (id: string, words = "{}") => ({ id, type: "function", function: { name: "look", arguments: words } });
  const used = (id: string, input: object = {}) => ({ type: "tool_use", id, name: "look", input });
  const said = (...content: object[]) => ({ role: "assistant", content });

  const table: [title: string, messages: Messages, becomes: object[]][] = [
    [
      "empty text, and a message of nothing else",
      [{ role: "user", content: [text(""), text("a")] }, { role: "assistant", content: "" }, hello],
      [user(text("a"), text("Hello"))],
    ],
    [
      "two of one role",
      [hello, { role: "assistant", content: "a" }, { role: "assistant", content: "b" }, hello],
      [greeted, said(text("a"), text("b")), greeted],
    ],
    [
      "names",
      [{ ...hello, name: "Ann B." }, { role: "assistant", name: "bo", content: "a" }, hello],
      [user(text("Ann B.: Hello")), said(text("bo: a")), greeted],
    ],
    ["a prefill", [hello, { role: "assistant", content: "The " }], [greeted, said(text("The"))]],
    [
      "cache marks on parts",
      [user(text("a", { cache_control: ephemeral }), { ...image, cache_control: { type: "ephemeral", ttl: "1h" } })],
      [
        user(text("a", { cache_control: ephemeral }), {
          type: "image",
          source: data,
          cache_control: { type: "ephemeral", ttl: "1h" },
        }),
      ],
    ],
    [
      "a link to a file",
      [user({ type: "file", file: { file_data: "https://x/y.pdf" } })],
      [user({ type: "document", source: { type: "url", url: "https://x/y.pdf" } })],
    ],
    [
      "parallel calls, and results in any order",
      [
        hello,
        { role: "assistant", content: null, tool_calls: [call("a", '{"at":1}'), call("b", "")] },
        { role: "tool", tool_call_id: "b", content: "B" },
        { role: "tool", tool_call_id: "a", content: "" },
      ],
      [
        greeted,
        said(used("a", { at: 1 }), used("b")),
        user(
          { type: "tool_result", tool_use_id: "b", content: [text("B")] },
          { type: "tool_result", tool_use_id: "a" },
        ),
      ],
    ],
    [
      "results with images and marks",
      [
        hello,
        { role: "assistant", tool_calls: [call("a")] },
        { role: "tool", tool_call_id: "a", content: [text("A", { cache_control: ephemeral }), image] },
      ],
      [
        greeted,
        said(used("a")),
        user({
          type: "tool_result",
          tool_use_id: "a",
          content: [text("A", { cache_control: ephemeral }), { type: "image", source: data }],
        }),
      ],
    ],
    [
      "ids of other providers",
      [
        hello,
        { role: "assistant", tool_calls: [call("functions.look:0")] },
        { role: "tool", tool_call_id: "functions.look:0", content: "A" },
      ],
      [
        greeted,
        said(used("functions_look_0")),
        user({ type: "tool_result", tool_use_id: "functions_look_0", content: [text("A")] }),
      ],
    ],
    [
      "what only a client needs",
      [
        hello,
        {
          role: "assistant",
          content: "a",
          refusal: null,
          annotations: [],
          images: [image],
          audio: {},
          reasoning: "hm",
          reasoning_content: "hm",
        },
        hello,
      ],
      [greeted, said(text("a")), greeted],
    ],
    [
      "reasoning of other providers",
      [
        hello,
        {
          role: "assistant",
          content: "a",
          reasoning_details: [
            { type: "reasoning.text", text: "hm", id: "reasoning_content", format: "unknown" },
            { type: "reasoning.encrypted", data: "e", format: "google-gemini-v1" },
            { type: "reasoning.encrypted", data: "e", format: "openai-responses-v1" },
            { type: "reasoning.summary", summary: "s", format: "anthropic-claude-v1" },
            { type: "reasoning.text", text: "unsigned", format: "anthropic-claude-v1" },
          ],
        },
        hello,
      ],
      [greeted, said(text("a")), greeted],
    ],
    [
      "calls after signed thoughts",
      [
        hello,
        {
          role: "assistant",
          content: "a",
          tool_calls: [call("a")],
          reasoning_details: [
            { type: "reasoning.text", signature: "s", format: "anthropic-claude-v1", index: 0 },
            { type: "reasoning.encrypted", data: "e", format: "anthropic-claude-v1", index: 1 },
          ],
        },
        { role: "tool", tool_call_id: "a", content: "A" },
      ],
      [
        greeted,
        said(
          { type: "thinking", thinking: "", signature: "s" },
          { type: "redacted_thinking", data: "e" },
          text("a"),
          used("a"),
        ),
        user({ type: "tool_result", tool_use_id: "a", content: [text("A")] }),
      ],
    ],
  ];

  test.each(table)("%s", (_, messages, becomes) => {
    expect(messagesOf(messages)).toEqual(becomes);
  });

  test("marks on instructions", () => {
    const messages = [
      { role: "system", content: [text("i", { cache_control: ephemeral }), text("")] },
      { role: "developer", name: "d", content: "j" },
      hello,
    ];
    expect(toAnthropicRequest(callOf({ messages })).system).toEqual([
      text("i", { cache_control: ephemeral }),
      text("d: j"),
    ]);
  });
});
