import { expect, test } from "vitest";
import { parseChatRequest } from "@/lib/protocol/chat-request";
import { mostPromptTokens, promptSize } from "./prompt-size";

const sizeOf = (message: object, rest: object = {}) => promptSize(parseChatRequest({ messages: [message], ...rest }));
const picture = (url: string) => sizeOf({ role: "user", content: [{ type: "image_url", image_url: { url } }] });

test("text is bounded by its bytes, in every script", () => {
  const size = sizeOf({ role: "user", content: "日本語 ok" });
  expect(size.bytes).toBe(12);
  expect(mostPromptTokens({ messages: [{ role: "user", content: "" }] }, size)).toBeGreaterThan(12);
});

test.each([
  "data:image/png;base64,AAAA",
  "https://example.com/cat.png",
  "https://example.com/cat",
  "https://example.com/a.pdf/cat.jpg?x=b.mp4",
])("%s is a picture", (url) => {
  expect(picture(url)).toMatchObject({ images: 1, media: new Set() });
});

test.each([
  ["https://example.com/book.pdf", "file"],
  ["https://example.com/two-hours.MP4?token=1#t", "video"],
  ["https://example.com/talk.mp3", "audio"],
  ["data:video/mp4;base64,AAAA", "video"],
  ["data:application/pdf;base64,AAAA", "file"],
  ["data:text/plain;base64,AAAA", "file"],
  ["data:;base64,AAAA", "file"],
])("%s in a picture's place is what it is: %s", (url, medium) => {
  expect(picture(url)).toMatchObject({ images: 0, media: new Set([medium]) });
});

test("pictures of an assistant's earlier turn count as if the caller had sent them", () => {
  const images = [
    { image_url: { url: "data:image/png;base64,AA" } },
    { image_url: { url: "https://example.com/film.mp4" } },
  ];
  expect(sizeOf({ role: "assistant", content: "Here", images })).toMatchObject({
    images: 1,
    media: new Set(["video"]),
  });
});

test.each([
  [{ role: "user", content: [{ type: "text", text: "x", cache_control: { type: "ephemeral" } }] }, {}],
  [{ role: "user", content: "x" }, { cache_control: { type: "ephemeral" } }],
  [
    { role: "user", content: "x" },
    { tools: [{ type: "function", function: { name: "f" }, cache_control: { type: "ephemeral" } }] },
  ],
  [
    { role: "user", content: "x" },
    { tools: [{ type: "function", function: { name: "f", cache_control: { type: "ephemeral" } } }] },
  ],
])("a cache mark is seen wherever it stands", (message, rest) => {
  expect(sizeOf(message, rest).cacheMarks).toBe(true);
  expect(sizeOf({ role: "user", content: "x" }).cacheMarks).toBe(false);
});
