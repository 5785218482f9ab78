import { describe, expect, test } from "vitest";
import { parseChatRequest } from "@/lib/protocol/chat-request";
import { type Answer, type Message, NO_SETTINGS, newAnswer } from "./chat";
import { toRequest, toWireMessages } from "./to-request";

const user = (text: string, attachments: (Message & { role: "user" })["attachments"] = []): Message => ({
  id: text,
  role: "user",
  text,
  attachments,
});
const answer = (more: Partial<Answer>): Answer => ({ ...newAnswer("a/b"), status: "done", ...more });
const call = { index: 0, id: "c1", name: "f", arguments: "{}" };
const result: Message = { id: "r", role: "tool", callId: "c1", name: "f", text: "21 °C" };
const detail = { type: "reasoning.text", text: "hm", signature: "s" };

describe("toRequest", () => {
  test("says what the settings say, in a form the API reads", () => {
    const request = toRequest(
      "a/b",
      {
        ...NO_SETTINGS,
        system: "Be brief.",
        temperature: "0.3",
        topP: "0.9",
        maxTokens: "100",
        seed: "-7",
        effort: "high",
        format: "json_schema",
        schema: '{"type":"object"}',
        tools: '{"name":"f","parameters":{"type":"object"}}',
      },
      [user("Hi")],
    );
    expect(request).toEqual({
      model: "a/b",
      stream: true,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ],
      temperature: 0.3,
      top_p: 0.9,
      max_tokens: 100,
      seed: -7,
      reasoning: { effort: "high" },
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: { type: "object" } },
      },
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
    });
    expect(() => parseChatRequest(request)).not.toThrow();
  });

  test("says nothing that was not set", () => {
    expect(toRequest("a/b", NO_SETTINGS, [user("Hi")])).toEqual({
      model: "a/b",
      stream: true,
      messages: [{ role: "user", content: "Hi" }],
    });
  });

  test("attachments are parts of the wire, and a prompt may be nothing else", () => {
    const image = { id: "1", kind: "image", name: "a.png", url: "data:image/png;base64,QQ==", bytes: 1 } as const;
    const pdf = { id: "2", kind: "pdf", name: "b.pdf", url: "data:application/pdf;base64,QQ==", bytes: 1 } as const;
    const request = toRequest("a/b", NO_SETTINGS, [user("Look", [image, pdf]), user("", [image])]);
    const parts = [
      { type: "image_url", image_url: { url: image.url } },
      { type: "file", file: { filename: "b.pdf", file_data: pdf.url } },
    ];
    expect(request.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "Look" }, ...parts] },
      { role: "user", content: [parts[0]] },
    ]);
    expect(() => parseChatRequest(request)).not.toThrow();
  });
});

describe("toWireMessages", () => {
  const wire = (...messages: Message[]) => toWireMessages("a/b", messages);

  test("a call goes with its result", () => {
    expect(wire(user("u"), answer({ toolCalls: [call], reasoningDetails: [detail] }), result)).toEqual([
      { role: "user", content: "u" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
        reasoning_details: [detail],
      },
      { role: "tool", tool_call_id: "c1", content: "21 °C" },
    ]);
  });

  test("a call that nobody answered is not said again, nor a result that nobody asked for", () => {
    expect(wire(user("u"), answer({ text: "Let me see", toolCalls: [call] }), user("v"))).toEqual([
      { role: "user", content: "u" },
      { role: "assistant", content: "Let me see" },
      { role: "user", content: "v" },
    ]);
    expect(wire(user("u"), answer({ toolCalls: [call] }), user("v"))).toHaveLength(2);
    expect(wire(user("u"), result)).toHaveLength(1);
    expect(wire(user("u"), answer({ text: "x" }), result)).toHaveLength(2);
  });

  test("an answer of which nothing came is left out; one that was stopped is said as far as it went", () => {
    expect(wire(user("u"), answer({ status: "failed" }))).toHaveLength(1);
    expect(wire(user("u"), answer({ status: "stopped", text: "A beg" }))[1]).toEqual({
      role: "assistant",
      content: "A beg",
    });
  });

  test("reasoning goes back to the model it came from, and only whole", () => {
    const thought = { text: "x", reasoningDetails: [detail] };
    expect(wire(answer(thought))[0]).toHaveProperty("reasoning_details", [detail]);
    expect(wire(answer({ ...thought, model: "other/model" }))[0]).not.toHaveProperty("reasoning_details");
    expect(wire(answer({ ...thought, status: "stopped" }))[0]).not.toHaveProperty("reasoning_details");
  });
});
