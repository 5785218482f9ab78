import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { type Becomes, differenceFromHello, examples, look } from "../testing/request-fields";
import { toOpenAiRequest } from "./request";

const genuine = (body: Record<string, unknown>) =>
  differenceFromHello((call) => toOpenAiRequest(call, true), body, "gpt-5.4");
const other = (body: Record<string, unknown>) =>
  differenceFromHello((call) => toOpenAiRequest(call, false), body, "qwen3-32b");

const asItIs = <Name extends keyof typeof examples>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, { [name]: examples[name] }])) as Record<Name, Record<string, unknown>>;

const neverSent = {
  ...{ models: {}, provider: {}, route: {}, preset: {}, plugins: {}, transforms: {}, usage: {}, stream_options: {} },
  ...{ top_a: {}, max_tool_calls: {}, stop_server_tools_when: {}, structured_outputs: {}, include_reasoning: {} },
  ...{ modalities: {}, audio: {}, image_config: {}, prediction: {}, cache_control: {}, prompt_cache_options: {} },
  ...{ web_search_options: {}, x_search_filter: {}, service_tier: {}, user: {}, session_id: {}, metadata: {} },
  ...{ trace: {}, debug: {}, unheard_of: {} },
  // The gateway has made one bound of them, which is always sent.
  ...{ max_tokens: {}, max_completion_tokens: {} },
  // Only beside tools.
  ...{ tool_choice: {}, parallel_tool_calls: {} },
};

const sentToAll = {
  ...asItIs("temperature", "top_p", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs"),
  ...asItIs("n", "seed", "stop", "response_format", "reasoning_effort", "tools"),
  stream: { stream: true, stream_options: { include_usage: true } },
  reasoning: { reasoning_effort: "high" },
};

const toOpenAi: Becomes = {
  ...neverSent,
  ...sentToAll,
  ...asItIs("verbosity", "prompt_cache_key"),
  ...{ top_k: {}, min_p: {}, repetition_penalty: {} },
};
const toOthers: Becomes = {
  ...neverSent,
  ...sentToAll,
  ...asItIs("top_k", "min_p", "repetition_penalty"),
  ...{ verbosity: {}, prompt_cache_key: {} },
};

describe("every field", () => {
  test.each(Object.entries(toOpenAi))("%s, to OpenAI", async (name, becomes) => {
    expect(await genuine({ [name]: examples[name as keyof typeof examples] })).toEqual(becomes);
  });

  test.each(Object.entries(toOthers))("%s, to other servers", async (name, becomes) => {
    expect(await other({ [name]: examples[name as keyof typeof examples] })).toEqual(becomes);
  });

  test.each(Object.keys(examples))("%s that is null is as good as none", async (name) => {
    expect(await genuine({ [name]: null })).toEqual({});
  });
});

describe("forms of a field", () => {
  const tools = examples.tools;
  const named = { type: "function", function: { name: "look" } };
  const strict = { type: "function", function: { ...look, strict: true } };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { n: { type: ["integer", "null"], exclusiveMinimum: 0 }, kind: { const: "a" } },
    additionalProperties: false,
    required: ["n", "kind"],
  };
  const format = { type: "json_schema", json_schema: { name: "x", description: "y", strict: true, schema } };

  test.each([
    [{ stop: "" }, {}],
    [{ stop: [] }, {}],
    [{ stop: [""] }, {}],
    [{ stop: ["a", "", "b"] }, { stop: ["a", "b"] }],
    [{ service_tier: "auto" }, { service_tier: "auto" }],
    [{ service_tier: "default" }, { service_tier: "default" }],
    ...["flex", "fast", "priority", "scale", null].map((service_tier) => [{ service_tier }, {}]),
    [{ tools: [] }, {}],
    [{ tools: [strict] }, { tools: [strict] }],
    [{ tools: [{ ...strict, cache_control: { type: "ephemeral" } }] }, { tools: [strict] }],
    [
      { tools: [{ type: "function", function: { name: "now", description: null, parameters: null, strict: null } }] },
      { tools: [{ type: "function", function: { name: "now" } }] },
    ],
    ...["none", "auto", "required", named].map((tool_choice) => [
      { tools, tool_choice },
      { tools, tool_choice },
    ]),
    [
      { tools, parallel_tool_calls: true },
      { tools, parallel_tool_calls: true },
    ],
    [
      { tools, parallel_tool_calls: false },
      { tools, parallel_tool_calls: false },
    ],
    [{ response_format: format }, { response_format: format }],
    [{ response_format: { type: "text" } }, { response_format: { type: "text" } }],
    [{ verbosity: "xhigh" }, { verbosity: "high" }],
    [{ verbosity: "max" }, { verbosity: "high" }],
    [{ reasoning: { enabled: true } }, { reasoning_effort: "medium" }],
    [{ reasoning: { max_tokens: 3_900 } }, { reasoning_effort: "xhigh" }],
    [{ reasoning: { effort: "none" } }, { reasoning_effort: "none" }],
    [{ reasoning: { exclude: true } }, {}],
    [{ reasoning: { effort: "low", exclude: true, summary: "auto" } }, { reasoning_effort: "low" }],
    [{ include_reasoning: false }, {}],
    [{ seed: -(2 ** 40) }, { seed: -(2 ** 40) }],
    [{ stream: false }, {}],
  ] as [Record<string, unknown>, Record<string, unknown>][])("%j", async (body, becomes) => {
    expect(await genuine(body)).toEqual(becomes);
  });
});

describe("messages", () => {
  type Messages = Record<string, unknown>[];
  const hello = { role: "user", content: "Hello" };
  const text = { type: "text", text: "a" };
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } };
  const marked = { ...text, cache_control: { type: "ephemeral" }, prompt_cache_breakpoint: { mode: "explicit" } };
  const call = (id: string, text = "{}") => ({ id, type: "function", function: { name: "look", arguments: text } });
  const link = { url: "https://x/y.png", detail: "low" };
  const pdf = { filename: "a.pdf", file_data: "data:application/pdf;base64,QQ==" };
  const audio = { type: "input_audio", input_audio: { data: "QQ==", format: "mp3" } };
  const video = { type: "video_url", video_url: { url: "https://x/y.mp4" } };
  const assistant = { role: "assistant", content: "b" };
  const theirs = { type: "reasoning.text", text: "hm", format: "MiniMax-response-v1", id: "r" };
  const foreign = [
    { type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1" },
    { type: "reasoning.encrypted", data: "e", format: "google-gemini-v1" },
    { type: "reasoning.encrypted", data: "e", format: "openai-responses-v1" },
  ];
  const detailed = (id: string) => ({ type: "reasoning.text", text: "hm", format: "unknown", id, index: 0 });

  const table: [title: string, messages: Messages, openAi: Messages | undefined, others: Messages | undefined][] = [
    [
      "instructions",
      [{ role: "developer", content: "i" }, { role: "system", content: "j" }, hello],
      [{ role: "developer", content: "i" }, { role: "system", content: "j" }, hello],
      [{ role: "system", content: "i" }, { role: "system", content: "j" }, hello],
    ],
    ["two of one role", [hello, hello, assistant, assistant], [hello, hello, assistant, assistant], undefined],
    [
      "empty text",
      [{ role: "user", content: "" }, assistant, { role: "user", content: [] }],
      [{ role: "user", content: "" }, assistant, { role: "user", content: [] }],
      undefined,
    ],
    [
      "a prefill",
      [hello, { role: "assistant", content: "The " }],
      [hello, { role: "assistant", content: "The " }],
      undefined,
    ],
    [
      "a name",
      [
        { ...hello, name: "ann" },
        { ...assistant, name: "bo" },
      ],
      [
        { ...hello, name: "ann" },
        { ...assistant, name: "bo" },
      ],
      [
        { role: "user", content: "ann: Hello" },
        { role: "assistant", content: "bo: b" },
      ],
    ],
    [
      "a name that OpenAI refuses",
      [{ role: "user", name: "Ann B.", content: [image, text] }],
      [{ role: "user", content: [image, { type: "text", text: "Ann B.: a" }] }],
      undefined,
    ],
    [
      "a name of one who says nothing",
      [hello, { role: "assistant", name: "bo", content: null, tool_calls: [call("c")] }],
      [hello, { role: "assistant", name: "bo", content: null, tool_calls: [call("c")] }],
      [hello, { role: "assistant", content: null, tool_calls: [call("c")] }],
    ],
    [
      "cache marks",
      [{ role: "user", content: [marked, marked] }],
      [{ role: "user", content: [text, text] }],
      undefined,
    ],
    [
      "a text alone in its list",
      [{ role: "user", content: [marked] }],
      [{ role: "user", content: [text] }],
      [{ role: "user", content: "a" }],
    ],
    [
      "images",
      [{ role: "user", content: [image, { type: "image_url", image_url: { ...link, more: 1 } }] }],
      [{ role: "user", content: [image, { type: "image_url", image_url: link }] }],
      undefined,
    ],
    [
      "an image in its original size",
      [{ role: "user", content: [{ type: "image_url", image_url: { ...link, detail: "original" } }] }],
      [{ role: "user", content: [{ type: "image_url", image_url: { ...link, detail: "high" } }] }],
      [{ role: "user", content: [{ type: "image_url", image_url: { ...link, detail: "original" } }] }],
    ],
    [
      "a file",
      [{ role: "user", content: [{ type: "file", file: { ...pdf, file_id: "f" } }] }],
      [{ role: "user", content: [{ type: "file", file: pdf }] }],
      undefined,
    ],
    [
      "audio and video",
      [{ role: "user", content: [audio, { ...video, type: "input_video" }] }],
      [{ role: "user", content: [audio, video] }],
      undefined,
    ],
    [
      "results in any order, one without content",
      [
        hello,
        { role: "assistant", tool_calls: [call("a"), call("b", "")] },
        { role: "tool", tool_call_id: "b", content: "B", name: "look" },
        { role: "tool", tool_call_id: "a", content: "" },
      ],
      [
        hello,
        { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "b", content: "B" },
        { role: "tool", tool_call_id: "a", content: "" },
      ],
      undefined,
    ],
    [
      "results with images",
      [
        hello,
        { role: "assistant", tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: [text, image] },
        { role: "tool", tool_call_id: "b", content: [image] },
        hello,
      ],
      [
        hello,
        { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: [text] },
        { role: "tool", tool_call_id: "b", content: "" },
        { role: "user", content: [image, image] },
        hello,
      ],
      [
        hello,
        { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: "a" },
        { role: "tool", tool_call_id: "b", content: "" },
        { role: "user", content: [image, image] },
        hello,
      ],
    ],
    [
      "a last result with an image",
      [hello, { role: "tool", tool_call_id: "a", content: [image] }],
      [hello, { role: "tool", tool_call_id: "a", content: "" }, { role: "user", content: [image] }],
      undefined,
    ],
    [
      "a refusal and what only a client needs",
      [hello, { ...assistant, refusal: "no", annotations: [], model: "m", audio: { id: "a" }, images: [image] }],
      [hello, { ...assistant, refusal: "no" }],
      undefined,
    ],
    [
      "reasoning of other providers",
      [hello, { ...assistant, reasoning: "hm", reasoning_details: foreign }],
      [hello, assistant],
      undefined,
    ],
    ["reasoning of nobody knows whom", [hello, { ...assistant, reasoning: "hm" }], [hello, assistant], undefined],
    [
      "reasoning under a server's own name",
      [hello, { ...assistant, reasoning: "hm", reasoning_details: [detailed("reasoning_content")] }],
      [hello, assistant],
      [hello, { ...assistant, reasoning_content: "hm" }],
    ],
    [
      "reasoning under its other name",
      [hello, { ...assistant, reasoning_details: [detailed("reasoning")] }],
      [hello, assistant],
      [hello, { ...assistant, reasoning: "hm" }],
    ],
    [
      "reasoning without details",
      [hello, { ...assistant, reasoning_content: "hm" }],
      [hello, assistant],
      [hello, { ...assistant, reasoning_content: "hm" }],
    ],
    [
      "details of a server's own",
      [hello, { ...assistant, reasoning: "hm", reasoning_details: [theirs, foreign[1]] }],
      [hello, assistant],
      [hello, { ...assistant, reasoning_details: [theirs] }],
    ],
  ];

  test.each(table)("%s", async (_, messages, openAi, others) => {
    expect((toOpenAiRequest(callOf({ messages }, "gpt-5.4"), true) as { messages: unknown }).messages).toEqual(openAi);
    expect((toOpenAiRequest(callOf({ messages }, "qwen"), false) as { messages: unknown }).messages).toEqual(
      others ?? openAi,
    );
  });

  test.each([
    [{ type: "file", file: { file_id: "file-1" } }, true],
    [{ type: "file", file: { file_id: "file-1" } }, false],
    [{ type: "file", file: { file_data: "https://x/y.pdf" } }, true],
  ])("%j is the caller's fault", (part, genuinely) => {
    const messages = [{ role: "user", content: [part] }];
    expect(() => toOpenAiRequest(callOf({ messages }), genuinely)).toThrow(
      expect.objectContaining({ type: "invalid_request" }),
    );
  });

  test("a link to a file goes to servers that may follow it", () => {
    const file = { filename: "file", file_data: "https://x/y.pdf" };
    const messages = [{ role: "user", content: [{ type: "file", file: { file_data: file.file_data } }] }];
    expect(toOpenAiRequest(callOf({ messages }), false).messages).toEqual([
      { role: "user", content: [{ type: "file", file }] },
    ]);
  });
});
