import { describe, expect, test } from "vitest";
import { nativeSize } from "./native-size";

const size = (body: object) =>
  nativeSize({ dialect: "anthropic", headers: {}, unspoken: [], body: { messages: [], ...body } });
const ask = (...content: object[]) => size({ messages: [{ role: "user", content }] });
const long = "x".repeat(10_000);
const pixel = { type: "base64", media_type: "image/png", data: long };

describe("what is sent as it came is counted wherever it stands", () => {
  test.each<[string, () => { bytes: number }]>([
    ["a block of an unknown kind", () => ask({ type: "novel_block", deep: [{ text: long }] })],
    ["instructions", () => size({ system: long })],
    ["a tool's schema", () => size({ tools: [{ name: "a", input_schema: { description: long } }] })],
    ["a schema for the answer", () => size({ output_config: { format: { schema: { description: long } } } })],
    ["the arguments of a call", () => ask({ type: "tool_use", input: { type: "image", source: pixel } })],
    ["what a tool said", () => ask({ type: "tool_result", content: [{ type: "text", text: long }] })],
    ["a file that is text", () => ask({ type: "document", source: { type: "text", data: long } })],
    ["a file of blocks", () => ask({ type: "document", source: { type: "content", content: long } })],
    ["a thought", () => ask({ type: "thinking", thinking: long, signature: "" })],
  ])("%s", (_, sized) => {
    expect(sized().bytes).toBeGreaterThan(10_000);
  });
});

test("pictures are counted by their number, in what a tool brought too", () => {
  const picture = { type: "image", source: pixel };
  const sized = ask(
    picture,
    { type: "tool_result", content: [picture] },
    { type: "image", source: { type: "url", url: "https://a/b" } },
  );
  expect(sized).toMatchObject({ images: 3, media: new Set() });
  expect(sized.bytes).toBeLessThan(500);
});

test.each([
  ["a PDF", { type: "document", source: { type: "base64", media_type: "application/pdf", data: long } }, "file"],
  ["a link to one", { type: "document", source: { type: "url", url: "https://a/b.pdf" } }, "file"],
  ["a file by its id, in a block of any kind", { type: "novel_block", at: { file_id: "f" } }, "file"],
  ["a picture that is a film", { type: "image", source: { type: "url", url: "https://a/b.mp4" } }, "video"],
])("%s is as long as may be", (_, block, medium) => {
  expect(ask(block).media).toEqual(new Set([medium]));
});

const mark = { cache_control: { type: "ephemeral" } };
test.each<[string, object]>([
  ["the request", mark],
  ["instructions", { system: [{ type: "text", text: "a", ...mark }] }],
  ["a tool", { tools: [{ name: "a", input_schema: {}, ...mark }] }],
  ["a result", { messages: [{ role: "user", content: [{ type: "tool_result", ...mark }] }] }],
  ["a picture", { messages: [{ role: "user", content: [{ type: "image", source: pixel, ...mark }] }] }],
])("a mark of the cache on %s is one", (_, body) => {
  expect(size(body).cacheMarks).toBe(true);
  expect(size({}).cacheMarks).toBe(false);
});

test("a tool that the provider describes costs what it says of it", () => {
  const hidden = (tools: object[]) => size({ tools }).hidden;
  expect(
    hidden([
      { name: "a", input_schema: {} },
      { type: "custom", name: "b", input_schema: {} },
    ]),
  ).toBe(0);
  expect(ask({ type: "tool_addition", tool: { type: "tool_definition" } }).hidden).toBeGreaterThan(1_000);
  expect(hidden([{ type: "bash_20250124", name: "bash" }])).toBeGreaterThan(1_000);
});
