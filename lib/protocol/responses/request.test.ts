import fc from "fast-check";
import { expect, test } from "vitest";
import type { AppError } from "@/lib/errors";
import type { ReasoningDetail } from "../chat-chunk";
import { toChatRequest } from "./request";
import { encrypted } from "./thoughts";

const read = (body: object) => toChatRequest({ model: "a/b", input: "Hello", ...body }).request;
const messages = (...input: object[]) => read({ input }).messages;

test("a text is what the user says, and instructions come first", () => {
  expect(read({ instructions: "Be brief." }).messages).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello" },
  ]);
});

test("content keeps its kind", () => {
  const content = [
    { type: "input_text", text: "Look" },
    { type: "input_image", image_url: "https://example.com/a.png", detail: "low" },
    { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA" },
    { type: "input_file", file_url: "https://example.com/b.pdf" },
    { type: "input_audio", input_audio: { data: "AA", format: "wav" } },
  ];
  expect(messages({ role: "user", content })).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "Look" },
        { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA" } },
        { type: "file", file: { file_data: "https://example.com/b.pdf" } },
        { type: "input_audio", input_audio: { data: "AA", format: "wav" } },
      ],
    },
  ]);
});

const said = (text: string) => ({
  type: "message",
  role: "assistant",
  id: "msg_1",
  content: [{ type: "output_text", text }],
});
const called = (call_id: string) => ({ type: "function_call", id: "fc_1", call_id, name: "f", arguments: "{}" });
const gave = (call_id: string) => ({ type: "function_call_output", call_id, output: "3" });
const thought = (id: string) => ({
  type: "reasoning",
  id,
  summary: [{ type: "summary_text", text: "Hm." }],
  encrypted_content: "x",
});

test("what was thought, said and called in one go is one message; what comes after the results, another", () => {
  const list = messages(
    { role: "user", content: "Go" },
    thought("rs_1"),
    said("I look."),
    called("a"),
    called("b"),
    gave("a"),
    gave("b"),
    said("3"),
  );
  expect(list.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool", "assistant"]);
  expect(list[1]).toMatchObject({
    content: "I look.",
    tool_calls: [{ id: "a" }, { id: "b" }],
    reasoning_details: [
      { type: "reasoning.summary", summary: "Hm.", id: "rs_1", format: "openai-responses-v1" },
      { type: "reasoning.encrypted", data: "x", id: "rs_1", format: "openai-responses-v1" },
    ],
  });
});

test("a thought after a word begins the next message, and one between calls stays with them", () => {
  expect(messages(thought("rs_1"), said("One."), thought("rs_2"), said("Two."))).toHaveLength(2);
  expect(messages(thought("rs_1"), called("a"), thought("rs_2"), called("b"), gave("a"), gave("b"))).toHaveLength(3);
});

const texts = fc.string({ maxLength: 8 });
const format = fc.constantFrom("anthropic-claude-v1" as const, "google-gemini-v1" as const, "unknown" as const);
const detail: fc.Arbitrary<ReasoningDetail> = fc.oneof(
  fc.record({ type: fc.constant("reasoning.text" as const), text: texts, signature: texts, format, index: fc.nat(3) }),
  fc.record({ type: fc.constant("reasoning.encrypted" as const), data: texts, format, id: texts, index: fc.nat(3) }),
);

test("whatever another model thought comes back as it went out, though only the encrypted content came back", () => {
  fc.assert(
    fc.property(fc.array(detail, { minLength: 1, maxLength: 4 }), (details) => {
      const item = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: encrypted(details) };
      expect(messages(item, said("So."))).toMatchObject([{ reasoning_details: details }]);
    }),
  );
});

test("free text is a function of one text, and each function of a namespace has a name of its own", () => {
  const { tools, tool_choice, messages } = read({
    tools: [
      { type: "function", name: "f", parameters: { type: "object" }, strict: true },
      {
        type: "custom",
        name: "patch",
        description: "Patches.",
        format: { type: "grammar", syntax: "lark", definition: "start: x" },
      },
      {
        type: "namespace",
        name: "agents",
        tools: [
          { type: "function", name: "spawn" },
          { type: "function", name: "f" },
        ],
      },
      { type: "web_search" },
    ],
    tool_choice: { type: "custom", name: "patch" },
    input: [
      { type: "custom_tool_call", call_id: "a", name: "patch", input: "x" },
      { type: "custom_tool_call_output", call_id: "a", output: "done" },
      { type: "function_call", call_id: "b", name: "f", namespace: "agents", arguments: "{}" },
    ],
  });
  expect(tools?.map(({ function: { name } }) => name)).toEqual(["f", "patch", "agents__spawn", "agents__f"]);
  expect(tools?.[1]?.function).toMatchObject({
    description: "Patches.\n\nThe input is lark: start: x",
    parameters: { required: ["input"] },
  });
  expect(tool_choice).toEqual({ type: "function", function: { name: "patch" } });
  expect(messages).toMatchObject([
    { tool_calls: [{ id: "a", function: { name: "patch", arguments: '{"input":"x"}' } }] },
    { role: "tool", tool_call_id: "a", content: "done" },
    { tool_calls: [{ id: "b", function: { name: "agents__f" } }] },
  ]);
});

test("of the allowed tools only, where only some are", () => {
  const tools = ["f", "g"].map((name) => ({ type: "function", name }));
  const choice = { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "g" }] };
  expect(read({ tools, tool_choice: choice })).toMatchObject({
    tool_choice: "required",
    tools: [{ function: { name: "g" } }],
  });
});

test("a wanted format, length and effort keep their meaning", () => {
  const schema = { type: "object", properties: {} };
  const body = {
    ...{
      max_output_tokens: 50,
      reasoning: { effort: "low", summary: "auto" },
      include: ["message.output_text.logprobs"],
    },
    text: { format: { type: "json_schema", name: "answer", schema, strict: true }, verbosity: "low" },
  };
  expect(read(body)).toMatchObject({
    ...{ max_completion_tokens: 50, reasoning: { effort: "low", summary: "auto" }, verbosity: "low", logprobs: true },
    response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
  });
});

test.each([
  ["an answer that is stored", { store: true }, "store"],
  ["an earlier answer", { previous_response_id: "resp_1" }, "previous_response_id"],
  ["an answer in the background", { background: true }, "background"],
  ["a stored prompt", { prompt: { id: "pmpt_1" } }, "prompt"],
  ["a tool that a provider runs", { tools: [{ type: "code_interpreter" }] }, "code_interpreter"],
  ["a search for its own sake", { tools: [{ type: "web_search" }] }, "web_search"],
  [
    "a file that would have to be stored",
    { input: [{ role: "user", content: [{ type: "input_file", file_id: "f" }] }] },
    "file_id",
  ],
  ["no input", { input: undefined }, "input"],
])("%s is refused by name", (_, body, name) => {
  let refusal: unknown;
  try {
    read(body);
  } catch (error) {
    refusal = error;
  }
  expect((refusal as AppError).type).toBe("invalid_request");
  expect((refusal as AppError).message).toContain(name);
});
