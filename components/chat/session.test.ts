import { describe, expect, test, vi } from "vitest";
import type { Ask } from "./ask";
import { type Answer, type Chat, isStreaming, newChat } from "./chat";
import { createSession } from "./session";

type Asked = Parameters<Ask>[0] & { end: (answer: Partial<Answer>) => void };

/** A session whose answers and frames are made by the test. */
function open(models = ["a/b"]) {
  const asked: Asked[] = [];
  const frames: (() => void)[] = [];
  const ask: Ask = (asking) =>
    new Promise((resolve) => {
      asking.signal.addEventListener("abort", () => resolve({ ...asking.answer, status: "stopped" }));
      asked.push({ ...asking, end: (more) => resolve({ ...asking.answer, status: "done", ...more }) });
    });
  const session = createSession(newChat(models), { ask, nextFrame: (work) => void frames.push(work) });
  const columns = session.chat().columns.map(({ id }) => id);
  const asking = (index: number): Asked => asked[index] as Asked;
  const frame = () => frames.splice(0).forEach((work) => void work());
  return { session, columns, asked, asking, frame };
}

const roles = (chat: Chat) => chat.columns.map(({ messages }) => messages.map(({ role, text }) => `${role}:${text}`));
const last = (chat: Chat, column = 0) => chat.columns[column]?.messages.at(-1) as Answer;

describe("a session", () => {
  test("asks every model for what its own column holds", async () => {
    const { session, columns, asking } = open(["a/b", "c/d"]);
    const sent = session.send(columns, "Hi", []);
    expect(asking(0).body).toMatchObject({ model: "a/b", messages: [{ role: "user", content: "Hi" }] });
    expect(asking(1).body).toMatchObject({ model: "c/d" });
    asking(0).end({ text: "one" });
    asking(1).end({ text: "two" });
    await sent;
    expect(roles(session.chat())).toEqual([
      ["user:Hi", "assistant:one"],
      ["user:Hi", "assistant:two"],
    ]);
    const alone = session.send([columns[1] as string], "More", []);
    expect(asking(2).body).toMatchObject({
      messages: [{ content: "Hi" }, { role: "assistant", content: "two" }, { content: "More" }],
    });
    asking(2).end({});
    await alone;
    expect(session.chat().columns.map(({ messages }) => messages.length)).toEqual([2, 4]);
  });

  test("shows what came once a frame, however many tokens and models there are", async () => {
    const { session, columns, asking, frame } = open(["a/b", "c/d"]);
    void session.send(columns, "Hi", []);
    const told = vi.fn();
    session.subscribe(told);
    for (let tokens = 1; tokens <= 50; tokens++)
      for (const index of [0, 1]) asking(index).onProgress({ ...asking(index).answer, text: "x".repeat(tokens) });
    expect(told).not.toHaveBeenCalled();
    frame();
    expect(told).toHaveBeenCalledTimes(1);
    expect(session.chat().columns.map((_, index) => last(session.chat(), index).text.length)).toEqual([50, 50]);
  });

  test("a finished message stays the same object while another column streams", () => {
    const { session, columns, asking, frame } = open(["a/b", "c/d"]);
    void session.send(columns, "Hi", []);
    const [first] = session.chat().columns;
    asking(1).onProgress({ ...asking(1).answer, text: "x" });
    frame();
    expect(session.chat().columns[0]).toBe(first);
  });

  test("stops one column, or all, and keeps what came", async () => {
    const { session, columns, asking } = open(["a/b", "c/d"]);
    const sent = session.send(columns, "Hi", []);
    session.stop([columns[0] as string]);
    expect([0, 1].map((index) => asking(index).signal.aborted)).toEqual([true, false]);
    session.stop();
    await sent;
    expect(session.chat().columns.map((_, index) => last(session.chat(), index).status)).toEqual([
      "stopped",
      "stopped",
    ]);
    expect(session.chat().columns.some(isStreaming)).toBe(false);
  });

  test("a late frame does not undo the end of an answer", async () => {
    const { session, columns, asking, frame } = open();
    const sent = session.send(columns, "Hi", []);
    asking(0).onProgress({ ...asking(0).answer, text: "on" });
    asking(0).end({ text: "one" });
    await sent;
    frame();
    expect(last(session.chat())).toMatchObject({ status: "done", text: "one" });
  });

  test("regenerates: the old answer is gone and the same prompt is asked again", async () => {
    const { session, columns, asking } = open();
    const sent = session.send(columns, "Hi", []);
    asking(0).end({ text: "one" });
    await sent;
    const again = session.regenerate(columns[0] as string, last(session.chat()).id);
    asking(1).end({ text: "another" });
    await again;
    expect(asking(1).body).toEqual(asking(0).body);
    expect(roles(session.chat())).toEqual([["user:Hi", "assistant:another"]]);
  });

  test("a prompt that is edited while it is answered ends that answer", async () => {
    const { session, columns, asking } = open();
    void session.send(columns, "Hi", []);
    const again = session.resend(columns, session.chat().columns[0]?.messages[0]?.id as string, "Hello");
    expect(asking(0).signal.aborted).toBe(true);
    asking(1).end({ text: "one" });
    await again;
    expect(roles(session.chat())).toEqual([["user:Hello", "assistant:one"]]);
  });

  test("results of tools go on with the conversation", async () => {
    const { session, columns, asking } = open();
    const sent = session.send(columns, "Weather?", []);
    asking(0).end({ toolCalls: [{ index: 0, id: "c", name: "weather", arguments: "{}" }] });
    await sent;
    const more = session.answerTools(columns[0] as string, [
      { id: "r", role: "tool", callId: "c", name: "weather", text: "21" },
    ]);
    expect(asking(1).body).toMatchObject({
      messages: [{ role: "user" }, { role: "assistant", tool_calls: [{ id: "c" }] }, { role: "tool", content: "21" }],
    });
    asking(1).end({ text: "Warm" });
    await more;
    expect(roles(session.chat())).toEqual([["user:Weather?", "assistant:", "tool:21", "assistant:Warm"]]);
  });

  test("a column that is taken away or cleared is answered no more", () => {
    const { session, columns, asking } = open(["a/b", "c/d"]);
    void session.send(columns, "Hi", []);
    session.change({ type: "remove-column", columnId: columns[0] as string });
    session.change({ type: "clear-column", columnId: columns[1] as string });
    expect([0, 1].map((index) => asking(index).signal.aborted)).toEqual([true, true]);
  });
});
