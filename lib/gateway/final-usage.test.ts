import { expect, test } from "vitest";
import type { Endpoint } from "@/lib/models/catalogue";
import { noTokens } from "@/lib/protocol/token-usage";
import { finalUsage } from "./final-usage";

const end = {
  outcome: "completed" as const,
  reported: undefined,
  text: "One two three four five six seven",
  finished: true,
  request: { messages: [{ role: "user" as const, content: "Hello" }] },
  endpoint: {} as Endpoint,
};
const reported = { ...noTokens, input: 10, output: 3 };

test("what the provider counts is billed, an explicit zero too", async () => {
  expect(await finalUsage({ ...end, reported })).toEqual({ usage: reported, source: "provider" });
  expect(await finalUsage({ ...end, reported: noTokens })).toEqual({ usage: noTokens, source: "provider" });
});

test("what nobody counts is counted", async () => {
  expect(await finalUsage(end)).toMatchObject({ usage: { input: 1, output: 7 }, source: "estimate" });
});

test("a caller who hangs up in the middle pays for the words he got beyond what was counted by then", async () => {
  const early = { ...end, outcome: "cancelled" as const, finished: false, reported };
  expect(await finalUsage(early)).toMatchObject({ usage: { input: 10, output: 7 }, source: "estimate" });
  expect(await finalUsage({ ...early, text: "" })).toEqual({ usage: reported, source: "provider" });
});

test("a caller who hangs up after the last word pays what he would have paid for staying", async () => {
  expect(await finalUsage({ ...end, outcome: "cancelled", reported })).toEqual({ usage: reported, source: "provider" });
});

test("a failure without a word used nothing, nor did a request that reached nobody", async () => {
  expect(await finalUsage({ ...end, outcome: "failed", text: "" })).toEqual({ usage: noTokens, source: "none" });
  expect(await finalUsage({ ...end, endpoint: undefined })).toEqual({ usage: noTokens, source: "none" });
});
