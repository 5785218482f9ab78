import { describe, expect, test } from "vitest";
import { callOf } from "../testing/calls";
import { toAnthropicRequest } from "./request";

const messagesOf = (messages: object[]) => toAnthropicRequest(callOf({ messages }, "claude-sonnet-4-5")).messages;
const ephemeral = { type: "ephemeral" };

describe("content", () => {
  const blockOf = (part: object) => messagesOf([{ role: "user", content: [part] }])[0]?.content[0];
  const image = (url: string) => ({ type: "image_url", image_url: { url } });
  const file = (file_data: string, filename = "a") => ({ type: "file", file: { file_data, filename } });

  test.each([
    [
      image("data:image/png;base64,QQ=="),
      { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } },
    ],
    [
      image("data:image/jpg;base64,QQ=="),
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "QQ==" } },
    ],
    [image("https://x/y.png"), { type: "image", source: { type: "url", url: "https://x/y.png" } }],
    [
      file("data:application/pdf;base64,QQ=="),
      { type: "document", title: "a", source: { type: "base64", media_type: "application/pdf", data: "QQ==" } },
    ],
    [file("https://x/y.pdf"), { type: "document", title: "a", source: { type: "url", url: "https://x/y.pdf" } }],
    [
      file("data:text/markdown,gr%C3%BC%C3%9Fe"),
      { type: "document", title: "a", source: { type: "text", media_type: "text/plain", data: "grüße" } },
    ],
    [
      { type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "1h" } },
      { type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "1h" } },
    ],
    [
      { ...image("https://x/y"), cache_control: { type: "ephemeral", ttl: "9h" } },
      { type: "image", source: { type: "url", url: "https://x/y" }, cache_control: ephemeral },
    ],
  ])("%#: %j", (part, block) => {
    expect(blockOf(part)).toEqual(block);
  });

  test.each([
    [image("file:///etc/passwd")],
    [image("data:image/png")],
    [file("data:application/zip;base64,QQ==")],
    [file("data:text/plain,%zz")],
    [{ type: "file", file: { file_id: "file-1" } }],
    [{ type: "input_audio", input_audio: { data: "QQ==", format: "wav" } }],
    [{ type: "video_url", video_url: { url: "https://x/y.mp4" } }],
  ])("%#: refuses %j as the caller's fault", (part) => {
    expect(() => blockOf(part)).toThrow(expect.objectContaining({ type: "invalid_request" }));
  });
});
