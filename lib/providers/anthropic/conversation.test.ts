import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toAnthropicRequest } from "./request";

const requestOf = (body: Record<string, unknown>) => toAnthropicRequest(callOf(body, "claude-sonnet-4-5"));
const messagesOf = (messages: object[]) => requestOf({ messages }).messages;
const user = (text: string) => ({ role: "user", content: [{ type: "text", text }] });
const called = (id: string, text: string) => ({ id, type: "function", function: { name: "look", arguments: text } });
const ephemeral = { type: "ephemeral" };

describe("a conversation", () => {
  test("has instructions apart, and turns that alternate", () => {
    const body = requestOf({
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", content: "a" },
        { role: "developer", content: [{ type: "text", text: "Be kind", cache_control: ephemeral }] },
        { role: "user", content: "b" },
        { role: "assistant", content: "c" },
        { role: "assistant", content: "d" },
        { role: "user", content: "e" },
      ],
    });
    expect(body.system).toEqual([
      { type: "text", text: "Be brief" },
      { type: "text", text: "Be kind", cache_control: ephemeral },
    ]);
    expect(body.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "c" },
          { type: "text", text: "d" },
        ],
      },
      user("e"),
    ]);
  });

  test("of instructions alone is a question", () => {
    const body = requestOf({ messages: [{ role: "system", content: "Say hello" }] });
    expect(body).toMatchObject({ messages: [user("Say hello")] });
    expect(body.system).toBeUndefined();
  });

  test("puts names before what they say, and leaves empty text out", () => {
    expect(
      messagesOf([
        { role: "user", name: "Ann", content: "Hi" },
        { role: "assistant", content: "" },
        { role: "user", content: " " },
      ]),
    ).toEqual([user("Ann: Hi")]);
  });

  test("has all results of a turn together, before what else the user says", () => {
    const messages = messagesOf([
      { role: "user", content: "go" },
      { role: "assistant", content: "Looking", tool_calls: [called("a", '{"at":"x"}'), called("b:1", "")] },
      { role: "tool", tool_call_id: "b:1", content: [{ type: "text", text: "B", cache_control: ephemeral }] },
      { role: "user", content: "and?" },
      { role: "tool", tool_call_id: "a", content: "" },
    ]);
    expect(messages).toEqual([
      user("go"),
      {
        role: "assistant",
        content: [
          { type: "text", text: "Looking" },
          { type: "tool_use", id: "a", name: "look", input: { at: "x" } },
          { type: "tool_use", id: "b_1", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "b_1", content: [{ type: "text", text: "B", cache_control: ephemeral }] },
          { type: "tool_result", tool_use_id: "a" },
          { type: "text", text: "and?" },
        ],
      },
    ]);
  });

  test.each([
    ["", {}],
    ["{broken", { invalid_json: "{broken" }],
    ["[1]", { value: [1] }],
    ["null", { value: null }],
  ])("makes an object of the arguments %j", (text, input) => {
    const messages = messagesOf([
      { role: "user", content: "go" },
      { role: "assistant", tool_calls: [called("a", text)] },
    ]);
    expect(messages[1]?.content).toEqual([{ type: "tool_use", id: "a", name: "look", input }]);
  });

  test("takes white space off the end of a prefill, and of nothing else", () => {
    expect(
      messagesOf([
        { role: "user", content: "a " },
        { role: "assistant", content: "The answer is " },
      ]),
    ).toEqual([user("a "), { role: "assistant", content: [{ type: "text", text: "The answer is" }] }]);
  });

  test("brings signed thoughts back first, and no others", () => {
    const format = "anthropic-claude-v1";
    const messages = messagesOf([
      { role: "user", content: "a" },
      {
        role: "assistant",
        content: "b",
        reasoning: "hm",
        reasoning_details: [
          { type: "reasoning.text", text: "hm", signature: "sig", format, index: 0 },
          { type: "reasoning.encrypted", data: "enc", format, index: 1 },
          { type: "reasoning.text", text: "unsigned", format },
          { type: "reasoning.encrypted", data: "gemini's", format: "google-gemini-v1" },
        ],
      },
      { role: "user", content: "c" },
    ]);
    expect(messages[1]?.content).toEqual([
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "redacted_thinking", data: "enc" },
      { type: "text", text: "b" },
    ]);
  });
});
