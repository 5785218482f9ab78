import { expect, test } from "vitest";
import { matchesGlob } from "./model-glob";

test.each([
  ["anthropic/*", true],
  ["*", true],
  ["*/claude-*", true],
  ["anthropic/claude-sonnet-4.5", true],
  ["anthropic/claude*4.5", true],
  ["anthropic/claude-sonnet-4.5*", true],
  ["anthropic/claude", false],
  ["openai/*", false],
  ["*/claude", false],
  ["anthropic/claude-sonnet-4.5*4.5", false],
  ["anthropic/claude-sonnet-4?5", false],
  ["*opus*", false],
])("%s: %s", (pattern, matches) => {
  expect(matchesGlob("anthropic/claude-sonnet-4.5", pattern)).toBe(matches);
});

test("many stars take no time", () => {
  const began = performance.now();
  expect(matchesGlob(`${"a".repeat(200)}b`, `${"a*".repeat(100)}c`)).toBe(false);
  expect(performance.now() - began).toBeLessThan(50);
});
