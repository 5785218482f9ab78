import { expect, test } from "vitest";
import { endpointNamed } from "@/lib/models/endpoint-named";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { signatureReader } from "./signed-history";

const endpoints = [
  endpointNamed("anthropic", { provider: { kind: "anthropic" } }),
  endpointNamed("google", { provider: { kind: "google" } }),
  endpointNamed("responses", { wire: "openai-responses" }),
  endpointNamed("compatible"),
];
const turn = (...reasoning_details: { type: string; [field: string]: unknown }[]) =>
  [{ role: "assistant", content: "Hi.", reasoning_details }] as ChatRequest["messages"];
const readers = (messages: ChatRequest["messages"]) => {
  const reads = signatureReader({ messages });
  return reads && endpoints.filter(reads).map(({ id }) => id);
};
const encrypted = (format: string) => ({ type: "reasoning.encrypted", data: "x", format });
const claude = { type: "reasoning.text", text: "Hm.", signature: "s", format: "anthropic-claude-v1" };

test.each<[string, ChatRequest["messages"], string[] | undefined]>([
  ["nothing", [{ role: "user", content: "Hi" }], undefined],
  ["Claude's thinking", turn(claude), ["anthropic"]],
  ["Claude's redacted thinking", turn(encrypted("anthropic-claude-v1")), ["anthropic"]],
  ["Gemini's thought signature", turn(encrypted("google-gemini-v1")), ["google"]],
  ["OpenAI's encrypted reasoning", turn(encrypted("openai-responses-v1")), ["responses"]],
  ["thoughts that nobody signed", turn({ ...claude, signature: undefined }), undefined],
  ["what nobody here can read", turn(encrypted("xai-responses-v1")), undefined],
  ["two, of which the later counts", [...turn(claude), ...turn(encrypted("google-gemini-v1"))], ["google"]],
])("of a conversation that carries %s", (_title, messages, expected) => {
  expect(readers(messages)).toEqual(expected);
});
