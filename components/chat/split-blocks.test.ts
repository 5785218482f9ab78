import fc from "fast-check";
import { expect, test } from "vitest";
import { splitBlocks } from "./split-blocks";

test.each([
  ["a\n\nb", ["a\n\n", "b"]],
  ["a\nb", ["a\nb"]],
  ["```\na\n\nb\n```\n\nc", ["```\na\n\nb\n```\n\n", "c"]],
  ["````\n```\n\nb\n````\n\nc", ["````\n```\n\nb\n````\n\n", "c"]],
  ["~~~\n```\n\nb\n~~~\n\nc", ["~~~\n```\n\nb\n~~~\n\n", "c"]],
  ["1. a\n\n2. b\n\n   c\n\nd", ["1. a\n\n2. b\n\n   c\n\n", "d"]],
  ["- a\n\n- b", ["- a\n\n- b"]],
  ["> a\n\n> b", ["> a\n\n> b"]],
  ["", []],
])("%j is cut where a block has ended", (text, blocks) => {
  expect(splitBlocks(text)).toEqual(blocks);
});

const lines = fc.array(fc.constantFrom("", "a", "```", "~~~~", "- b", "  c", "> d", "1. e", "```ts"), {
  maxLength: 40,
});

test("the pieces joined are the text", () => {
  fc.assert(
    fc.property(lines, (given) => {
      expect(splitBlocks(given.join("\n")).join("")).toBe(given.join("\n"));
    }),
  );
});

test("what is cut off stays as it is when more comes", () => {
  fc.assert(
    fc.property(lines, lines, (given, more) => {
      const before = splitBlocks(`${given.join("\n")}\n`).slice(0, -1);
      expect(splitBlocks([...given, ...more].join("\n")).slice(0, before.length)).toEqual(before);
    }),
  );
});
