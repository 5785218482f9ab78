import { expect, test } from "vitest";
import { toReasoningItems } from "./reasoning-items";

const format = "openai-responses-v1";
const summary = (text: string, id?: string, index?: number) => ({
  type: "reasoning.summary",
  summary: text,
  id,
  format,
  index,
});
const encrypted = (data: string, id?: string, index?: number) => ({
  type: "reasoning.encrypted",
  data,
  id,
  format,
  index,
});
const item = (id: string, texts: string[], data: string) => ({
  type: "reasoning",
  id,
  summary: texts.map((text) => ({ type: "summary_text", text })),
  encrypted_content: data,
});

test("puts details together to the items that they were, in their order", () => {
  const details = [
    ...[summary("a", "rs_1", 0), summary("b", "rs_1", 1), encrypted("x", "rs_1", 2)],
    encrypted("y", "rs_2", 3),
    ...[summary("c", "rs_3", 4), encrypted("z", "rs_3", 5)],
  ];
  expect(toReasoningItems(details)).toEqual([
    item("rs_1", ["a", "b"], "x"),
    item("rs_2", [], "y"),
    item("rs_3", ["c"], "z"),
  ]);
});

test("joins the pieces of a stream that a client kept apart", () => {
  const details = [
    ...[summary("a", "rs_1", 0), summary("b", "rs_1", 0), summary("c", "rs_1", 1), summary("d", "rs_1", 1)],
    encrypted("x", "rs_1", 2),
  ];
  expect(toReasoningItems(details)).toEqual([item("rs_1", ["ab", "cd"], "x")]);
});

test("takes an id from wherever it is, and does without it", () => {
  expect(toReasoningItems([summary("a", undefined, 0), encrypted("x", "rs_1", 0)])).toEqual([item("rs_1", ["a"], "x")]);
  const [first, second] = toReasoningItems([encrypted("x"), encrypted("y")]);
  expect(first).toEqual({ type: "reasoning", summary: [], encrypted_content: "x" });
  expect(first).not.toHaveProperty("id");
  expect(second?.encrypted_content).toBe("y");
});

test("drops what OpenAI would look for at its side in vain", () => {
  expect(toReasoningItems([summary("a", "rs_1", 0), encrypted("x", "rs_2", 1)])).toEqual([item("rs_2", [], "x")]);
});

test("drops what others thought", () => {
  const details = [
    { type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1", index: 0 },
    { type: "reasoning.encrypted", data: "x", format: "google-gemini-v1", index: 0 },
    { type: "reasoning.text", text: "hm" },
  ];
  expect(toReasoningItems(details)).toEqual([]);
  expect(toReasoningItems(undefined)).toEqual([]);
});

test("keeps reasoning that was shown as it is", () => {
  const text = (piece: string, index: number) => ({ type: "reasoning.text", text: piece, id: "rs_1", format, index });
  expect(toReasoningItems([text("a", 0), text("b", 0), text("c", 1)])).toEqual([
    {
      type: "reasoning",
      id: "rs_1",
      summary: [],
      content: [
        { type: "reasoning_text", text: "ab" },
        { type: "reasoning_text", text: "c" },
      ],
    },
  ]);
});
