import { describe, expect, test } from "vitest";
import { type Chat, newAnswer, newChat } from "./chat";
import { newcomers, readChatFile, writeChatFile } from "./chat-file";

const chat: Chat = {
  ...newChat(["a/b", "c/d"]),
  columns: newChat(["a/b", "c/d"]).columns.map((column) => ({
    ...column,
    messages: [
      {
        id: "u",
        role: "user",
        text: "Hi",
        attachments: [{ id: "p", kind: "image", name: "a.png", url: "data:image/png;base64,QQ==", bytes: 1 }],
      },
      {
        ...newAnswer(column.model),
        status: "failed",
        text: "A beg",
        reasoningDetails: [{ type: "reasoning.encrypted", data: "e", format: "x" }],
        toolCalls: [{ index: 0, id: "c", name: "f", arguments: "{" }],
        generationId: "gen-1764000000-abcDEF0123456789abcd",
        usage: { promptTokens: 1, completionTokens: 2, reasoningTokens: 0, cachedTokens: 0, cost: "0.000000001" },
        failure: { status: 502, type: "provider_unavailable", message: "Acme failed", provider: "Acme" },
        firstTokenMs: 3,
        totalMs: 4,
      },
      { id: "r", role: "tool", callId: "c", name: "f", text: "1" },
    ],
  })),
};

/** An export with one place in it changed. */
function changed(path: (string | number)[], value: unknown): string {
  const given = JSON.parse(writeChatFile([chat]));
  // biome-ignore lint/suspicious/noExplicitAny: it walks into whatever is there
  const holder = path.slice(0, -1).reduce((at: any, step) => at[step], given);
  holder[path.at(-1) as string] = value;
  return JSON.stringify(given);
}
const inChat = (...path: (string | number)[]) => ["chats", 0, ...path];
const inMessage = (index: number, ...path: (string | number)[]) => inChat("columns", 0, "messages", index, ...path);

describe("readChatFile", () => {
  test("reads what was written", () => {
    expect(readChatFile(writeChatFile([chat]))).toEqual([chat]);
  });

  test("an answer that was under way has stopped", () => {
    const [read] = readChatFile(changed(inMessage(1, "status"), "streaming"));
    expect(read?.columns[0]?.messages[1]).toMatchObject({ status: "stopped" });
  });

  test("fields that are not known are dropped", () => {
    expect(readChatFile(changed(inChat("columns", 0, "onLoad"), "alert(1)"))).toEqual([chat]);
  });

  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /not JSON/],
    ["another file", '{"a":1}', /not an export/],
    ["a list", "[]", /not an export/],
    ["null", "null", /not an export/],
    ["a later version", changed(["version"], 2), /version 2 .* only version 1/],
    ["no column", changed(inChat("columns"), []), /damaged at chats\.0\.columns/],
    [
      "five columns",
      changed(
        inChat("columns"),
        [0, 1, 2, 3, 4].map(() => chat.columns[0]),
      ),
      /damaged/,
    ],
    [
      "too many messages",
      changed(inChat("columns", 0, "messages"), Array(2_001).fill(chat.columns[0]?.messages[0])),
      /damaged/,
    ],
    ["a picture elsewhere", changed(inMessage(0, "attachments", 0, "url"), "https://a.example/x.png"), /damaged/],
    [
      "a drawing with scripts",
      changed(inMessage(0, "attachments", 0, "url"), "data:image/svg+xml;base64,QQ=="),
      /damaged/,
    ],
    ["a page", changed(inMessage(0, "attachments", 0, "url"), "data:text/html;base64,QQ=="), /damaged/],
    ["a link in place of an id", changed(inMessage(1, "generationId"), "../../account"), /damaged/],
    ["a cost that is no amount", changed(inMessage(1, "usage", "cost"), "1e9"), /damaged/],
    ["an unknown role", changed(inMessage(0, "role"), "system"), /damaged/],
    ["a text that is none", changed(inMessage(0, "text"), { html: "x" }), /damaged at .*text/],
  ])("%s is refused in words", (_, content, words) => {
    expect(() => readChatFile(content)).toThrow(words);
  });
});

describe("newcomers", () => {
  test("what is here already is not taken twice, and nothing that is here is overwritten", () => {
    expect(newcomers([chat], [])).toEqual([chat]);
    expect(newcomers([chat], [chat])).toEqual([]);
    const [beside] = newcomers([chat], [{ ...chat, updatedAt: chat.updatedAt + 1 }]);
    expect(beside).toEqual({ ...chat, id: beside?.id });
    expect(beside?.id).not.toBe(chat.id);
  });
});
