import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toGeminiRequest } from "./request";

const requestOf = (body: Record<string, unknown> = {}, model = "gemini-2.5-flash") =>
  toGeminiRequest(callOf(body, model));
const configOf = (body: Record<string, unknown> = {}, model?: string) => requestOf(body, model).config;
const contentsOf = (messages: object[], model?: string) => requestOf({ messages }, model).contents;

const called = (id: string, name: string, text = "{}") => ({
  id,
  type: "function",
  function: { name, arguments: text },
});
const user = (text: string) => ({ role: "user", parts: [{ text }] });
const format = "google-gemini-v1";

describe("a conversation", () => {
  test("has instructions apart, and turns that alternate", () => {
    const { contents, config } = requestOf({
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", name: "Ann", content: "a" },
        {
          role: "user",
          content: [
            { type: "text", text: "b" },
            { type: "text", text: "" },
          ],
        },
        { role: "developer", content: "Be kind" },
        { role: "assistant", content: "c" },
        { role: "user", content: "d" },
      ],
    });
    expect(config?.systemInstruction).toEqual({ role: "user", parts: [{ text: "Be brief" }, { text: "Be kind" }] });
    expect(contents).toEqual([
      { role: "user", parts: [{ text: "Ann: a" }, { text: "b" }] },
      { role: "model", parts: [{ text: "c" }] },
      user("d"),
    ]);
  });

  test("of instructions alone is a question", () => {
    const { contents, config } = requestOf({ messages: [{ role: "system", content: "Say hello" }] });
    expect(contents).toEqual([user("Say hello")]);
    expect(config).not.toHaveProperty("systemInstruction");
  });

  test("names results by their call, and puts them in the calls' order", () => {
    const contents = contentsOf([
      { role: "user", content: "go" },
      {
        role: "assistant",
        content: null,
        tool_calls: [called("a", "look", '{"at":"x"}'), called("b", "look", '{"at":"y"}'), called("c", "now", "")],
      },
      { role: "tool", tool_call_id: "c", content: '{"time":7}' },
      { role: "tool", tool_call_id: "b", content: "Y" },
      {
        role: "tool",
        tool_call_id: "a",
        content: [
          { type: "text", text: "X" },
          { type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } },
        ],
      },
      { role: "user", content: "and?" },
    ]);
    expect(contents).toEqual([
      user("go"),
      {
        role: "model",
        parts: [
          { functionCall: { name: "look", args: { at: "x" } } },
          { functionCall: { name: "look", args: { at: "y" } } },
          { functionCall: { name: "now", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "look", response: { output: "X" } } },
          { functionResponse: { name: "look", response: { output: "Y" } } },
          { functionResponse: { name: "now", response: { time: 7 } } },
          { inlineData: { mimeType: "image/png", data: "QQ==" } },
          { text: "and?" },
        ],
      },
    ]);
  });

  test("brings signatures back to where they came from", () => {
    const contents = contentsOf(
      [
        { role: "user", content: "go" },
        {
          role: "assistant",
          content: "Looking",
          tool_calls: [called("a", "look"), called("b", "look")],
          reasoning_details: [
            { type: "reasoning.text", text: "hm", format, index: 0 },
            { type: "reasoning.encrypted", data: "ofText", format, index: 1 },
            { type: "reasoning.encrypted", data: "ofCall", format, id: "a", index: 2 },
            { type: "reasoning.encrypted", data: "claude's", format: "anthropic-claude-v1", id: "b" },
          ],
        },
      ],
      "gemini-3-pro-preview",
    );
    expect(contents).toMatchObject([
      user("go"),
      {
        role: "model",
        parts: [
          { text: "Looking", thoughtSignature: "ofText" },
          { functionCall: { name: "look" }, thoughtSignature: "ofCall" },
          { functionCall: { name: "look" } },
        ],
      },
    ]);
    expect(JSON.stringify(contents)).not.toMatch(/hm|claude/);
  });

  test("marks calls that another model made, for those that refuse unsigned ones", () => {
    const messages = [
      { role: "user", content: "go" },
      { role: "assistant", tool_calls: [called("a", "look"), called("b", "look")] },
    ];
    const signatures = (model: string) =>
      (contentsOf(messages, model) as { parts: { thoughtSignature?: string }[] }[])[1]?.parts.map(
        (part) => part.thoughtSignature,
      );
    expect(signatures("gemini-3.1-pro-preview")).toEqual(["skip_thought_signature_validator", undefined]);
    expect(signatures("gemini-2.5-pro")).toEqual([undefined, undefined]);
  });
});

describe("content", () => {
  const partOf = (part: object) =>
    (contentsOf([{ role: "user", content: [part] }]) as { parts: object[] }[])[0]?.parts[0];
  const image = (url: string) => ({ type: "image_url", image_url: { url } });

  test.each([
    [image("data:image/webp;base64,QQ=="), { inlineData: { mimeType: "image/webp", data: "QQ==" } }],
    [image("https://x/y.JPG?z=1"), { fileData: { fileUri: "https://x/y.JPG?z=1", mimeType: "image/jpeg" } }],
    [
      { type: "file", file: { file_data: "data:application/pdf;base64,QQ==" } },
      { inlineData: { mimeType: "application/pdf", data: "QQ==" } },
    ],
    [
      { type: "input_audio", input_audio: { data: "QQ==", format: "WAV" } },
      { inlineData: { mimeType: "audio/wav", data: "QQ==" } },
    ],
    [
      { type: "video_url", video_url: { url: "https://youtu.be/abc" } },
      { fileData: { fileUri: "https://youtu.be/abc" } },
    ],
  ])("%#: %j", (source, part) => {
    expect(partOf(source)).toEqual(part);
  });

  test.each([
    image("https://generativelanguage.googleapis.com/v1beta/files/operators-own"),
    image("gs://bucket/x"),
    image("http://"),
    { type: "file", file: { file_id: "file-1" } },
  ])("%#: refuses %j as the caller's fault", (part) => {
    expect(() => partOf(part)).toThrow(expect.objectContaining({ type: "invalid_request" }));
  });
});

describe("parameters", () => {
  test("get Gemini's names", () => {
    expect(
      configOf({
        temperature: 1.5,
        top_p: 0.9,
        top_k: 5,
        seed: 7,
        stop: "END",
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
        n: 2,
        max_tokens: 9,
      }),
    ).toEqual({
      maxOutputTokens: 4_000,
      temperature: 1.5,
      topP: 0.9,
      topK: 5,
      seed: 7,
      stopSequences: ["END"],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      candidateCount: 2,
      automaticFunctionCalling: { disable: true },
      automaticContinuation: false,
    });
  });

  test("stay within Gemini's bounds", () => {
    expect(configOf({ seed: 2 ** 40 + 5 })?.seed).toBe(5);
    expect(configOf({ stop: ["", "a", "b"] })?.stopSequences).toEqual(["a", "b"]);
  });

  test("ask for JSON", () => {
    expect(configOf({ response_format: { type: "json_object" } })).toMatchObject({
      responseMimeType: "application/json",
    });
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { a: { type: ["string", "null"] } },
      additionalProperties: false,
    };
    expect(configOf({ response_format: { type: "json_schema", json_schema: { name: "x", schema } } })).toMatchObject({
      responseMimeType: "application/json",
      responseJsonSchema: {
        type: "object",
        properties: { a: { type: ["string", "null"] } },
        additionalProperties: false,
      },
    });
    expect(configOf({ response_format: { type: "text" } })).not.toHaveProperty("responseMimeType");
  });

  const tools = [
    {
      type: "function",
      function: {
        name: "look",
        description: "Looks",
        parameters: { $schema: "x", type: "object", properties: { n: { type: "integer", exclusiveMinimum: 0 } } },
      },
    },
    { type: "function", function: { name: "now" } },
  ];

  test("declare tools with their JSON schema", () => {
    expect(configOf({ tools })?.tools).toEqual([
      {
        functionDeclarations: [
          {
            name: "look",
            description: "Looks",
            parametersJsonSchema: { type: "object", properties: { n: { type: "integer", minimum: 1 } } },
          },
          { name: "now" },
        ],
      },
    ]);
  });

  test.each([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [
      { type: "function", function: { name: "look" } },
      { mode: "ANY", allowedFunctionNames: ["look"] },
    ],
  ])("tool_choice %j", (tool_choice, functionCallingConfig) => {
    expect(configOf({ tools, tool_choice })?.toolConfig).toEqual({ functionCallingConfig });
    expect(configOf({ tool_choice })).not.toHaveProperty("toolConfig");
  });
});

describe("reasoning", () => {
  const thinkingOf = (body: object, model: string) => configOf({ ...body }, model)?.thinkingConfig;

  test.each([
    ["gemini-2.5-flash", { effort: "high" }, { includeThoughts: true, thinkingBudget: 3_200 }],
    ["gemini-2.5-flash", { max_tokens: 99_999 }, { includeThoughts: true, thinkingBudget: 24_576 }],
    ["gemini-2.5-pro", { max_tokens: 5 }, { includeThoughts: true, thinkingBudget: 128 }],
    ["gemini-2.5-flash-lite", { max_tokens: 5 }, { includeThoughts: true, thinkingBudget: 512 }],
    ["gemini-2.5-flash", { effort: "low", exclude: true }, { includeThoughts: false, thinkingBudget: 800 }],
    ["gemini-2.5-flash", { effort: "none" }, { thinkingBudget: 0 }],
    ["gemini-3.1-pro-preview", { effort: "xhigh" }, { includeThoughts: true, thinkingLevel: "HIGH" }],
    ["gemini-3.1-pro-preview", { effort: "minimal" }, { includeThoughts: true, thinkingLevel: "LOW" }],
    ["gemini-3.5-flash", { effort: "minimal" }, { includeThoughts: true, thinkingLevel: "MINIMAL" }],
    ["gemini-3.5-flash", { max_tokens: 2_000 }, { includeThoughts: true, thinkingLevel: "MEDIUM" }],
    ["gemini-3.5-flash", { enabled: false }, { thinkingLevel: "MINIMAL" }],
    ["gemini-3.5-flash", {}, { includeThoughts: true }],
  ])("%s with %j", (model, reasoning, config) => {
    expect(thinkingOf({ reasoning }, model)).toEqual(config);
  });

  test("is left alone where nothing is said of it", () => {
    expect(thinkingOf({}, "gemini-2.5-pro")).toBeUndefined();
    expect(thinkingOf({ include_reasoning: true }, "gemini-2.5-pro")).toEqual({ includeThoughts: true });
  });
});
