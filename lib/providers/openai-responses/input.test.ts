import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toInput } from "./input";

const inputOf = (...messages: object[]) => toInput(callOf({ messages }).request.messages, true);
const call = (id: string, text = "{}") => ({ id, type: "function", function: { name: "look", arguments: text } });
const encrypted = { type: "reasoning.encrypted", data: "xyz", id: "rs_1", format: "openai-responses-v1", index: 0 };
const reasoningItem = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "xyz" };

describe("toInput", () => {
  test("keeps instructions where they are, under the name that they have", () => {
    expect(
      inputOf(
        { role: "developer", content: "Be brief." },
        { role: "user", content: "Hello" },
        { role: "system", content: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }] },
      ),
    ).toEqual([
      { role: "developer", content: "Be brief." },
      { role: "user", content: "Hello" },
      { role: "system", content: [{ type: "input_text", text: "Be kind." }] },
    ]);
  });

  test("puts a name before the words", () => {
    const parts = [
      { type: "image_url", image_url: { url: "https://a/b.png" } },
      { type: "text", text: "Hi" },
    ];
    expect(inputOf({ role: "user", content: "Hi", name: "Ada" })).toEqual([{ role: "user", content: "Ada: Hi" }]);
    expect(inputOf({ role: "user", content: parts, name: "Ada" })).toEqual([
      { role: "user", content: [expect.anything(), { type: "input_text", text: "Ada: Hi" }] },
    ]);
    expect(inputOf({ role: "assistant", content: "Hi", name: "Bob" })).toEqual([
      { role: "assistant", content: [{ type: "output_text", text: "Bob: Hi" }] },
    ]);
  });

  const png = "data:image/png;base64,iVBORw0=";
  const pdf = "data:application/pdf;base64,JVBERi0=";

  test.each([
    [
      { type: "image_url", image_url: { url: png, detail: "high" } },
      { type: "input_image", image_url: png, detail: "high" },
    ],
    [
      { type: "image_url", image_url: { url: "https://a/b.png" } },
      { type: "input_image", image_url: "https://a/b.png", detail: "auto" },
    ],
    [
      { type: "file", file: { filename: "a.pdf", file_data: pdf } },
      { type: "input_file", filename: "a.pdf", file_data: pdf },
    ],
    [
      { type: "file", file: { file_data: "data:text/plain,a%20b" } },
      { type: "input_file", filename: "file", file_data: "data:text/plain;base64,YSBi" },
    ],
    [
      { type: "file", file: { filename: "a.pdf", file_data: "https://a/b.pdf" } },
      { type: "input_file", file_url: "https://a/b.pdf" },
    ],
  ])("takes the part %j", (part, sent) => {
    expect(inputOf({ role: "user", content: [part] })).toEqual([{ role: "user", content: [sent] }]);
    expect(inputOf({ role: "tool", tool_call_id: "a", content: [part] })).toEqual([
      { type: "function_call_output", call_id: "a", output: [sent] },
    ]);
  });

  test.each([
    { type: "input_audio", input_audio: { data: "aa", format: "wav" } },
    { type: "video_url", video_url: { url: "https://a/b.mp4" } },
    { type: "file", file: { file_id: "file-of-the-operator" } },
    { type: "file", file: { file_data: "/etc/passwd" } },
  ])("refuses the part %j", (part) => {
    expect(() => inputOf({ role: "user", content: [part] })).toThrow(
      expect.objectContaining({ type: "invalid_request" }),
    );
  });

  test("puts what was thought before what was said, and that before what was called", () => {
    expect(
      inputOf(
        {
          role: "assistant",
          content: [
            { type: "text", text: "One " },
            { type: "text", text: "moment." },
          ],
          tool_calls: [call("call_1", '{"at":"sea"}'), call("call_2")],
          reasoning_details: [encrypted],
        },
        { role: "tool", tool_call_id: "call_1", content: "blue" },
      ),
    ).toEqual([
      reasoningItem,
      { role: "assistant", content: [{ type: "output_text", text: "One moment." }] },
      { type: "function_call", call_id: "call_1", name: "look", arguments: '{"at":"sea"}' },
      { type: "function_call", call_id: "call_2", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: "blue" },
    ]);
  });

  test("brings refusals back as such", () => {
    expect(inputOf({ role: "assistant", content: null, refusal: "No." })).toEqual([
      { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
    ]);
  });

  test("leaves out turns in which nothing was said, and their thoughts with them", () => {
    expect(inputOf({ role: "assistant", content: "", reasoning_details: [encrypted] })).toEqual([]);
    expect(inputOf({ role: "assistant", content: "", tool_calls: [call("a")] })).toEqual([
      { type: "function_call", call_id: "a", name: "look", arguments: "{}" },
    ]);
  });

  test("refuses an assistant's pictures rather than losing them", () => {
    const content = [{ type: "image_url", image_url: { url: png } }];
    expect(() => inputOf({ role: "assistant", content })).toThrow(expect.objectContaining({ type: "invalid_request" }));
  });
});
