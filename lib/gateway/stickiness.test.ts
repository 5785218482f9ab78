import { expect, test } from "vitest";
import { endpointNamed } from "@/lib/models/endpoint-named";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { stickinessOf } from "./stickiness";

const MINUTE = 60_000;
let clock = 0;
let made = 0;
const caching = endpointNamed("one", { prices: { cacheRead: 100_000n } });
const account = () => `account ${(made += 1)}`;
const opening: ChatRequest["messages"] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Hello" },
];
const conversation = (who: string, more: Partial<ChatRequest> = {}, messages = opening) =>
  stickinessOf({ messages, ...more }, who, () => clock);
const answered = { completed: true, cacheRead: 0 };

test("a named conversation sticks after any answer, ten minutes from the last one, to its account and model", () => {
  const who = account();
  const named = () => conversation(who, { session_id: "s" });
  named().note(caching, answered);
  expect(named().stuckTo("test/one")).toBe("one");
  clock += 9 * MINUTE;
  named().note(caching, answered);
  clock += 9 * MINUTE;
  expect(named().stuckTo("test/one")).toBe("one");
  expect(named().stuckTo("test/two")).toBeUndefined();
  expect(conversation(account(), { session_id: "s" }).stuckTo("test/one")).toBeUndefined();
  expect(conversation(who, { session_id: "t" }).stuckTo("test/one")).toBeUndefined();
  clock += 2 * MINUTE;
  expect(named().stuckTo("test/one")).toBeUndefined();
});

test("the session's name goes before the cache's", () => {
  const who = account();
  conversation(who, { session_id: "s", prompt_cache_key: "p" }).note(caching, answered);
  expect(conversation(who, { session_id: "s" }).stuckTo("test/one")).toBe("one");
  expect(conversation(who, { prompt_cache_key: "p" }).stuckTo("test/one")).toBeUndefined();
});

test("an unnamed one is known by how it opens, and sticks once it was read from a cache", () => {
  const who = account();
  conversation(who).note(caching, answered);
  expect(conversation(who).stuckTo("test/one")).toBeUndefined();
  conversation(who).note(caching, { completed: true, cacheRead: 5 });
  const later = conversation(who, {}, [
    ...opening,
    { role: "assistant", content: "Hi." },
    { role: "user", content: "More" },
  ]);
  expect(later.stuckTo("test/one")).toBe("one");
  expect(conversation(who, {}, [{ role: "user", content: "Hello" }]).stuckTo("test/one")).toBeUndefined();
});

test("a failure frees it, and where the cache is no cheaper it does not stick", () => {
  const who = account();
  const named = conversation(who, { session_id: "s" });
  named.note(caching, answered);
  named.note(caching, { completed: false, cacheRead: 0 });
  expect(named.stuckTo("test/one")).toBeUndefined();
  named.note(endpointNamed("one"), answered);
  named.note(endpointNamed("one", { prices: { cacheRead: 1_000_000n } }), answered);
  expect(named.stuckTo("test/one")).toBeUndefined();
});

test("ten thousand conversations are remembered, and the one that was longest not used is forgotten first", () => {
  const who = account();
  const of = (count: number) => conversation(who, { session_id: String(count) });
  for (let count = 0; count < 10_000; count += 1) of(count).note(caching, answered);
  of(0).note(caching, answered);
  of(10_000).note(caching, answered);
  expect([0, 1, 2, 10_000].map((count) => of(count).stuckTo("test/one"))).toEqual(["one", undefined, "one", "one"]);
});
