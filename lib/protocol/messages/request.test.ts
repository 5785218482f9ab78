import { expect, test } from "vitest";
import { NATIVE } from "../chat-request";
import { toChatRequest } from "./request";

const read = (body: object) =>
  toChatRequest({ model: "openai/gpt-5", messages: [{ role: "user", content: "Hi" }], ...body }, () => undefined);

const talk = (...messages: object[]) => read({ messages }).messages;
const unspoken = (body: object) => read(body)[NATIVE]?.unspoken;
const parameters = { type: "object" };

test("results stand by themselves before what else is said, and calls beside what was said", () => {
  const messages = talk(
    { role: "user", content: "Look" },
    {
      role: "assistant",
      content: [
        { type: "text", text: "I look." },
        { type: "tool_use", id: "a", name: "look", input: { at: 1 } },
        { type: "tool_use", id: "b", name: "look", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "text", text: "And?" },
        { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "Seen" }] },
        { type: "tool_result", tool_use_id: "b" },
      ],
    },
  );
  const call = (id: string, text: string) => ({ id, type: "function", function: { name: "look", arguments: text } });
  expect(messages).toEqual([
    { role: "user", content: "Look" },
    {
      role: "assistant",
      content: [{ type: "text", text: "I look." }],
      tool_calls: [call("a", '{"at":1}'), call("b", "{}")],
    },
    { role: "tool", tool_call_id: "a", content: "Seen" },
    { role: "tool", tool_call_id: "b", content: "" },
    { role: "user", content: [{ type: "text", text: "And?" }] },
  ]);
});

test("pictures, files, finds and instructions are what the language inside has for them, marks of the cache too", () => {
  const mark = { cache_control: { type: "ephemeral" } };
  const pdf = { type: "base64", media_type: "application/pdf", data: "AAAA" };
  const { messages } = read({
    system: [{ type: "text", text: "Be brief.", ...mark }],
    messages: [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
          { type: "image", source: { type: "url", url: "https://a/b.png" }, ...mark },
          { type: "document", title: "t.pdf", source: pdf },
          { type: "document", title: "T", context: "C", source: { type: "text", data: "text" } },
          { type: "document", source: { type: "content", content: [{ type: "text", text: "inner" }] } },
          { type: "search_result", title: "S", source: "s", content: [{ type: "text", text: "found" }] },
        ],
      },
    ],
  });
  const text = (of: string) => ({ type: "text", text: of });
  expect(messages).toEqual([
    { role: "system", content: [{ ...text("Be brief."), ...mark }] },
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        { type: "image_url", image_url: { url: "https://a/b.png" }, ...mark },
        text("t.pdf"),
        { type: "file", file: { filename: "t.pdf", file_data: "data:application/pdf;base64,AAAA" } },
        ...[text("T\nC"), text("text"), text("inner"), text("S\ns"), text("found")],
      ],
    },
  ]);
});

test("tools, those that a conversation comes by on the way too", () => {
  const added = { type: "tool_definition", definition: { name: "later", input_schema: parameters } };
  const { tools, messages } = read({
    tools: [{ name: "look", description: "Looks", input_schema: parameters, strict: true }],
    messages: [
      { role: "user", content: "Hi" },
      {
        role: "system",
        content: [
          { type: "tool_addition", tool: added },
          { type: "tool_removal", tool: {} },
        ],
      },
    ],
  });
  expect(tools).toEqual([
    { type: "function", function: { name: "look", description: "Looks", parameters, strict: true } },
    { type: "function", function: { name: "later", parameters } },
  ]);
  expect(messages).toEqual([{ role: "user", content: "Hi" }]);
  expect(() => read({ tools: [{ name: "look" }] })).toThrow("tools.0: a name and an input_schema");
});

test.each([
  [{ type: "auto" }, { tool_choice: "auto" }],
  [
    { type: "any", disable_parallel_tool_use: true },
    { tool_choice: "required", parallel_tool_calls: false },
  ],
  [{ type: "none" }, { tool_choice: "none" }],
  [{ type: "tool", name: "look" }, { tool_choice: { type: "function", function: { name: "look" } } }],
])("the choice %j is %j", (tool_choice, expected) => {
  expect(read({ tools: [{ name: "look", input_schema: parameters }], tool_choice })).toMatchObject(expected);
});

test.each([
  [{ thinking: { type: "enabled", budget_tokens: 2_000 } }, { reasoning: { max_tokens: 2_000 } }],
  [{ thinking: { type: "adaptive", display: "omitted" } }, { reasoning: { effort: "high", exclude: true } }],
  [{ thinking: { type: "adaptive" }, output_config: { effort: "low" } }, { reasoning: { effort: "low" } }],
  [{ thinking: { type: "disabled" } }, { reasoning: { enabled: false } }],
  [{ output_config: { effort: "low" } }, { verbosity: "low" }],
  [{ stop_sequences: ["a", "b"] }, { stop: ["a", "b"] }],
  [{ metadata: { user_id: "u" } }, { user: "u" }],
  [{ fallbacks: [{ model: "a/b" }] }, { models: ["a/b"] }],
  [{ model: "claude-sonnet-4-5-20250929" }, { model: "anthropic/claude-sonnet-4-5" }],
  [{ service_tier: "standard_only" }, { service_tier: "default" }],
  [{ service_tier: "auto" }, { service_tier: undefined }],
  [
    { output_config: { format: { type: "json_schema", schema: parameters } } },
    { response_format: { type: "json_schema", json_schema: { name: "output", schema: parameters, strict: true } } },
  ],
])("%j is %j", (body, expected) => {
  expect(read(body)).toMatchObject(expected);
});

test.each([
  [{ messages: [{ role: "user", content: [{ type: "novel" }] }] }, ["content of type novel"]],
  [{ tools: [{ type: "bash_20250124", name: "bash" }] }, ["tools of type bash_20250124"]],
  [
    { messages: [{ role: "user", content: [{ type: "image", source: { type: "file", file_id: "f" } }] }] },
    ["images by file_id"],
  ],
  [{}, []],
])("of %j only Anthropic's upstream can be asked: %j", (body, expected) => {
  expect(unspoken(body)).toEqual(expected);
});

test.each([
  [{ models: ["a/b"], fallbacks: [{ model: "c/d" }] }, "Name models or fallbacks, and not both."],
  [{ messages: [{ role: "user", content: [{ type: "text" }] }] }, "messages.0.content.0.text"],
  [
    {
      messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: [{ type: "image" }] }] }],
    },
    "messages.0.content.0.content.0.source",
  ],
  [{ max_tokens: 0 }, "max_tokens"],
])("what is wrong with %j is said: %s", (body, message) => {
  expect(() => read(body)).toThrow(message);
});
