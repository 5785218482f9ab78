import { expect, test } from "vitest";
import { toAnthropicRequest } from "./anthropic/request";
import { toGeminiRequest } from "./gemini/request";
import { toOpenAiRequest } from "./openai-compatible/request";
import { toResponsesRequest } from "./openai-responses/request";
import { callOf } from "./testing/calls";

type Call = ReturnType<typeof callOf>;

const upstreams: Record<string, { model: string; request: (call: Call) => unknown }> = {
  anthropic: { model: "claude-sonnet-4-5", request: toAnthropicRequest },
  gemini: { model: "gemini-3.5-flash", request: toGeminiRequest },
  "openai-responses": { model: "gpt-5.4", request: toResponsesRequest },
  openai: { model: "gpt-4o", request: (call) => toOpenAiRequest(call, true) },
  "openai-compatible": { model: "qwen3-32b", request: (call) => toOpenAiRequest(call, false) },
};

/** What each signs its reasoning with, as its answers tell it; the call it led to is `call_1`. */
const signed: Record<string, object[]> = {
  anthropic: [
    { type: "reasoning.text", text: "THOUGHT", signature: "SIGNATURE", format: "anthropic-claude-v1", index: 0 },
    { type: "reasoning.encrypted", data: "SIGNATURE", format: "anthropic-claude-v1", index: 1 },
  ],
  gemini: [
    { type: "reasoning.text", text: "THOUGHT", format: "google-gemini-v1", index: 0 },
    { type: "reasoning.encrypted", data: "SIGNATURE", id: "call_1", format: "google-gemini-v1", index: 0 },
  ],
  "openai-responses": [
    { type: "reasoning.summary", summary: "THOUGHT", id: "rs_1", format: "openai-responses-v1", index: 0 },
    { type: "reasoning.encrypted", data: "SIGNATURE", id: "rs_1", format: "openai-responses-v1", index: 0 },
  ],
};

const history = (reasoning_details: object[]) => [
  { role: "user", content: "go" },
  {
    role: "assistant",
    content: "I look.",
    reasoning: "THOUGHT",
    reasoning_details,
    tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
  },
  { role: "tool", tool_call_id: "call_1", content: "found" },
];

const pairs = Object.keys(signed).flatMap((from) => Object.keys(upstreams).map((to) => [from, to] as const));

test.each(pairs)(
  "what %s signed goes to %s only if that can read it; what was said and called goes always",
  (from, to) => {
    const { model, request } = upstreams[to] as (typeof upstreams)[string];
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
    const body = { messages: history(signed[from] as object[]), tools, reasoning: { effort: "low" } };
    const sent = JSON.stringify(request(callOf(body, model, { mayThink: true })));
    expect(sent.includes("SIGNATURE"), sent).toBe(from === to);
    if (from !== to) expect(sent).not.toContain("THOUGHT");
    for (const kept of ["I look.", "look", "found"]) expect(sent).toContain(kept);
  },
);
