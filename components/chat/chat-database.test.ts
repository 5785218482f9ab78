import { describe, expect, test } from "vitest";
import { type Chat, newAnswer, newChat } from "./chat";
import { interrupted, matches, summaryOf } from "./chat-database";

const chat: Chat = {
  ...newChat(["a/b", "c/d", "a/b"]),
  columns: newChat(["a/b", "c/d", "a/b"]).columns.map((column) => ({
    ...column,
    messages: [
      { id: "u", role: "user", text: "Tell me about Whales", attachments: [] },
      { ...newAnswer(column.model), text: "They sing." },
    ],
  })),
};

test("a summary names the chat and its models, and holds no attachment", () => {
  expect(summaryOf(chat)).toMatchObject({ title: "Tell me about Whales", models: ["a/b", "c/d"] });
  expect(
    summaryOf({
      ...chat,
      columns: [
        {
          ...newChat(["a/b"]).columns[0],
          messages: [{ id: "u", role: "user", text: "x".repeat(50_000), attachments: [] }],
        } as Chat["columns"][number],
      ],
    }).text,
  ).toHaveLength(20_000);
});

test.each([
  ["", true],
  ["whales", true],
  ["SING tell", true],
  ["c/d", true],
  ["whales dance", false],
])("a search for %j finds it: %s", (sought, found) => {
  expect(matches(summaryOf(chat), sought)).toBe(found);
});

describe("a chat that is opened again", () => {
  test("has nothing under way: what had come is what there is", () => {
    const [column] = interrupted(chat).columns;
    expect(column?.messages[1]).toMatchObject({ status: "stopped", text: "They sing." });
    expect(column?.messages[0]).toBe(chat.columns[0]?.messages[0]);
  });
});
