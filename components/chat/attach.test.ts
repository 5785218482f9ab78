import { expect, test } from "vitest";
import { mostAttachedBytes, refuseFile } from "./attach";
import type { Attachment } from "./chat";
import { type ChatModel, cannotRead, ignorantOf, perMillion } from "./chat-model";

const attached = (bytes: number, count = 1): Attachment[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${index}`, kind: "image", name: "a", url: "data:", bytes }));
const png = { name: "a.png", type: "image/png", size: 100 };

test.each([
  ["a picture", png, [], undefined],
  ["a PDF", { ...png, type: "application/pdf" }, [], undefined],
  ["the last that fits", png, attached(900), undefined],
  ["one byte too many", png, attached(901), /does not fit/],
  ["an eleventh file", png, attached(1, 10), /At most 10/],
  ["an empty file", { ...png, size: 0 }, [], /empty/],
  ["a drawing with scripts", { ...png, type: "image/svg+xml" }, [], /neither a picture/],
  ["a page", { ...png, type: "text/html" }, [], /neither a picture/],
])("%s", (_, file, attachments, words) => {
  const refused = refuseFile(file, attachments, 1_000);
  if (words) expect(refused).toMatch(words);
  else expect(refused).toBeUndefined();
});

test("what may be attached fits into the body that the API takes", () => {
  const most = 20 * 1024 * 1024;
  const asText = Math.ceil(mostAttachedBytes(most) / 3) * 4;
  expect(asText).toBeLessThan(most);
  expect(asText).toBeGreaterThan(most * 0.8);
});

const model = (name: string, inputModalities: string[], supportedParameters: string[] = []): ChatModel => ({
  slug: name,
  name,
  providers: [],
  contextLength: 1,
  prompt: 0n,
  completion: 0n,
  inputModalities,
  supportedParameters,
});

test("models that cannot read what is attached, or take no notice of a setting, are named", () => {
  const models = [model("Blind", ["text"]), model("Seer", ["text", "image"], ["seed"])];
  expect(cannotRead(models, [])).toEqual([]);
  expect(cannotRead(models, attached(1))).toEqual(["Blind"]);
  expect(cannotRead(models, [{ ...attached(1)[0], kind: "pdf" } as Attachment])).toEqual(["Blind", "Seer"]);
  expect(ignorantOf("seed", models)).toEqual(["Blind"]);
  expect(ignorantOf("system", models)).toEqual([]);
});

test.each([
  [0n, "free"],
  [2_500_000n, "$2.5"],
  [37_500n, "$0.0375"],
])("%d pico-USD a token are %s a million", (price, text) => {
  expect(perMillion(price)).toBe(text);
});
