import { describe, expect, test } from "vitest";
import { type Change, changeChat } from "./change-chat";
import { type Answer, type Chat, type Column, type Message, newAnswer, newChat, newColumn, titleOf } from "./chat";

const user = (id: string, text = id): Message => ({ id, role: "user", text, attachments: [] });
const answer = (id: string, more: Partial<Answer> = {}): Answer => ({
  ...newAnswer("a/b"),
  id,
  status: "done",
  ...more,
});
const result = (id: string, callId: string): Message => ({ id, role: "tool", callId, name: "f", text: "1" });

function chatOf(...columns: Message[][]): Chat {
  const chat = newChat(columns.map(() => "a/b"));
  return {
    ...chat,
    columns: chat.columns.map((column, index) => ({ ...column, id: `c${index}`, messages: columns[index] ?? [] })),
  };
}
const ids = (chat: Chat) => chat.columns.map(({ messages }) => messages.map(({ id }) => id).join(" "));
const changed = (chat: Chat, ...changes: Change[]) => changes.reduce(changeChat, chat);

describe("changeChat", () => {
  test("a prompt goes to the columns it is for, and to no other", () => {
    const say: Change = { type: "say", columnIds: ["c0", "c2"], message: user("u") as Message & { role: "user" } };
    expect(ids(changed(chatOf([], [], []), say))).toEqual(["u", "", "u"]);
  });

  test("an edit drops what answered the old text", () => {
    const chat = changed(chatOf([user("u"), answer("a"), user("v"), answer("b")], [user("u"), answer("c")]), {
      type: "edit",
      columnIds: ["c0"],
      messageId: "u",
      text: "new",
    });
    expect(ids(chat)).toEqual(["u", "u c"]);
    expect(chat.columns.map(({ messages }) => messages[0]?.text)).toEqual(["new", "u"]);
  });

  test("a rewind drops a message and what came after it", () => {
    expect(
      ids(changed(chatOf([user("u"), answer("a"), user("v")]), { type: "rewind", columnId: "c0", messageId: "a" })),
    ).toEqual(["u"]);
    expect(ids(changed(chatOf([user("u")]), { type: "rewind", columnId: "c0", messageId: "gone" }))).toEqual(["u"]);
  });

  test("an answer that is deleted takes the results of its calls along", () => {
    const chat = chatOf([user("u"), answer("a"), result("r", "1"), result("s", "2"), answer("b")]);
    expect(ids(changed(chat, { type: "delete", columnId: "c0", messageId: "a" }))).toEqual(["u b"]);
    expect(ids(changed(chat, { type: "delete", columnId: "c0", messageId: "u" }))).toEqual(["a r s b"]);
  });

  test("progress touches the answers that progressed and nothing else", () => {
    const chat = chatOf([user("u"), answer("a")], [user("u"), answer("b")]);
    const next = changed(chat, { type: "progress", answers: [answer("b", { text: "more" })] });
    expect(next.columns[0]).toBe(chat.columns[0]);
    expect(next.columns[1]?.messages[0]).toBe(chat.columns[1]?.messages[0]);
    expect(next.columns[1]?.messages[1]?.text).toBe("more");
  });

  test("progress of an answer that was deleted is dropped", () => {
    const chat = chatOf([user("u")]);
    expect(ids(changed(chat, { type: "progress", answers: [answer("gone")] }))).toEqual(["u"]);
  });

  test("there are one to four columns", () => {
    const add = (): Change => ({ type: "add-column", column: newColumn("x/y") });
    expect(changed(chatOf([]), add(), add(), add(), add(), add()).columns).toHaveLength(4);
    expect(
      changed(
        chatOf([], []),
        { type: "remove-column", columnId: "c1" },
        { type: "remove-column", columnId: "c0" },
      ).columns.map((column: Column) => column.id),
    ).toEqual(["c0"]);
  });
});

test.each([
  [chatOf([user("u", "  First line \nsecond")]), "First line "],
  [chatOf([], [user("u", "x".repeat(100))]), `${"x".repeat(59)}…`],
  [chatOf([]), "New chat"],
  [{ ...chatOf([user("u")]), title: "Named" }, "Named"],
])("a chat without a title is called by its first line", (chat, title) => {
  expect(titleOf(chat)).toBe(title);
});
