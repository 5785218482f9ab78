import { expect, test } from "vitest";
import { tokensPerSecond } from "./answer-figures";
import { newAnswer } from "./chat";

const usage = { promptTokens: 1, completionTokens: 100, reasoningTokens: 0, cachedTokens: 0, cost: "0" };

test.each([
  ["over the time in which tokens came", { usage, firstTokenMs: 500, totalMs: 2_500 }, "50.0 tok/s"],
  ["not for what came in one piece", { usage, firstTokenMs: 500, totalMs: 510 }, undefined],
  ["not without a count", { firstTokenMs: 500, totalMs: 2_500 }, undefined],
  ["not before it has ended", { usage, firstTokenMs: 500 }, undefined],
])("a speed is told %s", (_, more, speed) => {
  expect(tokensPerSecond({ ...newAnswer("a/b"), ...more })).toBe(speed);
});
