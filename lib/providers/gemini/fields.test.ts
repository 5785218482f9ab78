import { describe, expect, test } from "vitest";
import type { ProviderCall } from "../adapter";
import { collectChunks } from "../testing/calls";
import { type Becomes, differenceFromHello, examples, look } from "../testing/request-fields";
import { events, sendJson, sendStream, standIn } from "../testing/stand-in-upstream";
import { gemini } from "./index";

const answer = { candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP" }] };

/** The JSON as the SDK sends it, the parts of `generationConfig` beside the rest. */
async function wire(call: ProviderCall): Promise<object> {
  const { url, received } = await standIn((response) =>
    call.request.stream ? sendStream(response, events(answer)) : sendJson(response, answer),
  );
  await collectChunks(gemini({ provider: "Google", kind: "google", baseUrl: url, apiKey: "AIzaSy0123456789" })(call));
  const { generationConfig, ...rest } = JSON.parse(received[0]?.body ?? "");
  return { ...rest, ...generationConfig };
}

const becomesOf = (body: Record<string, unknown>, model = "gemini-3.5-flash") => differenceFromHello(wire, body, model);

const declared = [
  { functionDeclarations: [{ name: "look", description: "Looks", parametersJsonSchema: look.parameters }] },
];

const every: Becomes = {
  ...{ models: {}, provider: {}, route: {}, preset: {}, plugins: {}, transforms: {}, usage: {}, stream_options: {} },
  ...{ min_p: {}, top_a: {}, repetition_penalty: {}, logit_bias: {}, max_tool_calls: {}, stop_server_tools_when: {} },
  ...{ structured_outputs: {}, verbosity: {}, modalities: {}, audio: {}, image_config: {}, prediction: {} },
  ...{ cache_control: {}, prompt_cache_key: {}, prompt_cache_options: {}, web_search_options: {}, x_search_filter: {} },
  ...{ service_tier: {}, user: {}, session_id: {}, metadata: {}, trace: {}, debug: {}, unheard_of: {} },
  // The gateway has made one bound of them, which is always sent.
  ...{ max_tokens: {}, max_completion_tokens: {} },
  // Only beside tools; and Gemini cannot be told to call one at a time.
  ...{ tool_choice: {}, parallel_tool_calls: {} },
  // Another path, and the same JSON.
  stream: {},
  // Only beside logprobs.
  top_logprobs: {},
  temperature: { temperature: 0.5 },
  top_p: { topP: 0.9 },
  top_k: { topK: 5 },
  frequency_penalty: { frequencyPenalty: 0.3 },
  presence_penalty: { presencePenalty: 0.4 },
  logprobs: { responseLogprobs: true },
  n: { candidateCount: 2 },
  seed: { seed: 7 },
  stop: { stopSequences: ["END"] },
  tools: { tools: declared },
  response_format: { responseMimeType: "application/json" },
  reasoning: { thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" } },
  reasoning_effort: { thinkingConfig: { includeThoughts: true, thinkingLevel: "LOW" } },
  include_reasoning: { thinkingConfig: { includeThoughts: true } },
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
  const mode = (functionCallingConfig: object) => ({ tools: declared, toolConfig: { functionCallingConfig } });
  const json = (schema: object) => ({ response_format: { type: "json_schema", json_schema: { name: "x", schema } } });

  test.each([
    [{ temperature: 2 }, { temperature: 2 }],
    [{ top_k: 0 }, {}],
    [{ n: 1 }, {}],
    [
      { logprobs: true, top_logprobs: 4 },
      { responseLogprobs: true, logprobs: 4 },
    ],
    [{ logprobs: false, top_logprobs: 4 }, {}],
    [{ seed: 2 ** 40 + 5 }, { seed: 5 }],
    [{ stop: "" }, {}],
    [{ stop: ["a", "", "\n", "b"] }, { stopSequences: ["a", "\n", "b"] }],
    [{ service_tier: "default" }, {}],
    [{ tools: [] }, {}],
    [{ tools, tool_choice: "none" }, mode({ mode: "NONE" })],
    [{ tools, tool_choice: "auto" }, mode({ mode: "AUTO" })],
    [{ tools, tool_choice: "required" }, mode({ mode: "ANY" })],
    [
      { tools, tool_choice: { type: "function", function: { name: "look" } } },
      mode({ mode: "ANY", allowedFunctionNames: ["look"] }),
    ],
    [{ tools, parallel_tool_calls: false }, { tools: declared }],
    [
      { tools: [{ type: "function", function: { ...look, strict: true }, cache_control: { type: "ephemeral" } }] },
      { tools: declared },
    ],
    [{ response_format: { type: "text" } }, {}],
    [
      json({ type: "object", properties: {} }),
      { responseMimeType: "application/json", responseJsonSchema: { type: "object", properties: {} } },
    ],
    [{ reasoning: { enabled: true } }, { thinkingConfig: { includeThoughts: true, thinkingLevel: "MEDIUM" } }],
    [{ reasoning: { effort: "none" } }, { thinkingConfig: { thinkingLevel: "MINIMAL" } }],
    [
      { reasoning: { effort: "max", exclude: true } },
      { thinkingConfig: { includeThoughts: false, thinkingLevel: "HIGH" } },
    ],
    [{ reasoning: { max_tokens: 2_000 } }, { thinkingConfig: { includeThoughts: true, thinkingLevel: "MEDIUM" } }],
    [{ reasoning: { exclude: true } }, {}],
  ] as [Record<string, unknown>, Record<string, unknown>][])("%j", async (body, becomes) => {
    expect(await becomesOf(body)).toEqual(becomes);
  });
});

describe("messages", () => {
  const text = (words: string) => ({ type: "text", text: words });
  const hello = { role: "user", content: "Hello" };
  const user = (...parts: object[]) => ({ role: "user", parts });
  const model = (...parts: object[]) => ({ role: "model", parts });
  const greeted = user({ text: "Hello" });
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,QQ==", detail: "low" } };
  const inline = (mimeType: string) => ({ inlineData: { mimeType, data: "QQ==" } });
  const audio = (format: string) => ({ type: "input_audio", input_audio: { data: "QQ==", format } });
  const call = (id: string, words = "{}") => ({ id, type: "function", function: { name: "look", arguments: words } });
  const made = (args: object, thoughtSignature?: string) => ({
    functionCall: { name: "look", args },
    ...(thoughtSignature && { thoughtSignature }),
  });
  const found = (output: string) => ({ functionResponse: { name: "look", response: { output } } });
  const unsigned = "skip_thought_signature_validator";

  const table: [title: string, messages: object[], contents: object[]][] = [
    [
      "empty text, and a message of nothing else",
      [{ role: "user", content: [text(""), text("a")] }, { role: "assistant", content: "" }, hello],
      [user({ text: "a" }, { text: "Hello" })],
    ],
    [
      "two of one role",
      [hello, { role: "assistant", content: "a" }, { role: "assistant", content: "b" }, hello],
      [greeted, model({ text: "a" }, { text: "b" }), greeted],
    ],
    [
      "names",
      [
        { ...hello, name: "Ann B." },
        { role: "assistant", name: "bo", content: "a" },
      ],
      [user({ text: "Ann B.: Hello" }), model({ text: "bo: a" })],
    ],
    ["a prefill", [hello, { role: "assistant", content: "The " }], [greeted, model({ text: "The " })]],
    [
      "cache marks",
      [{ role: "user", content: [{ ...text("a"), cache_control: { type: "ephemeral" } }] }],
      [user({ text: "a" })],
    ],
    [
      "images",
      [{ role: "user", content: [image, { type: "image_url", image_url: { url: "https://x/y.png" } }] }],
      [user(inline("image/png"), { fileData: { fileUri: "https://x/y.png", mimeType: "image/png" } })],
    ],
    [
      "files",
      [
        {
          role: "user",
          content: [
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,QQ==" } },
            { type: "file", file: { file_data: "https://x/y.pdf" } },
          ],
        },
      ],
      [user(inline("application/pdf"), { fileData: { fileUri: "https://x/y.pdf", mimeType: "application/pdf" } })],
    ],
    [
      "audio",
      [{ role: "user", content: ["wav", "MP3", "flac", "m4a", "pcm16", "pcm24"].map(audio) }],
      [user(...["wav", "mp3", "flac", "m4a", "pcm", "pcm"].map((format) => inline(`audio/${format}`)))],
    ],
    [
      "videos",
      [
        {
          role: "user",
          content: [
            { type: "video_url", video_url: { url: "data:video/mp4;base64,QQ==" } },
            { type: "input_video", video_url: { url: "https://youtu.be/a" } },
          ],
        },
      ],
      [user(inline("video/mp4"), { fileData: { fileUri: "https://youtu.be/a" } })],
    ],
    [
      "parallel calls, and results in any order",
      [
        hello,
        { role: "assistant", content: null, tool_calls: [call("a", '{"at":1}'), call("b", "")] },
        { role: "tool", tool_call_id: "b", content: "B" },
        { role: "tool", tool_call_id: "a", content: "" },
      ],
      [greeted, model(made({ at: 1 }, unsigned), made({})), user(found(""), found("B"))],
    ],
    [
      "results with images",
      [
        hello,
        { role: "assistant", tool_calls: [call("a")] },
        { role: "tool", tool_call_id: "a", content: [text("A"), image] },
      ],
      [greeted, model(made({}, unsigned)), user(found("A"), inline("image/png"))],
    ],
    [
      "pictures that the model made",
      [hello, { role: "assistant", content: "Here", images: [image] }, hello],
      [greeted, model({ text: "Here" }, inline("image/png")), greeted],
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
          audio: {},
          reasoning: "hm",
          reasoning_content: "hm",
        },
      ],
      [greeted, model({ text: "a" })],
    ],
    [
      "reasoning of other providers",
      [
        hello,
        {
          role: "assistant",
          content: "a",
          reasoning_details: [
            { type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1" },
            { type: "reasoning.encrypted", data: "e", format: "openai-responses-v1" },
            { type: "reasoning.text", text: "hm", format: "google-gemini-v1" },
          ],
        },
      ],
      [greeted, model({ text: "a" })],
    ],
  ];

  test.each(table)("%s", async (_, messages, contents) => {
    expect(await becomesOf({ messages })).toEqual({ contents });
  });
});
