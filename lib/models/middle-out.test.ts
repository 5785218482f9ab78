import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatMessage } from "@/lib/protocol/chat-request";
import { middleOut, weightOf } from "./middle-out";

const text = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.nat({ max: 3_000 }).map((length) => "word ".repeat(length / 5)),
);
const content = fc.oneof(
  text,
  fc.array(
    fc.oneof(
      text.map((text) => ({ type: "text" as const, text })),
      fc.constant({ type: "image_url" as const, image_url: { url: "data:image/png;base64,AA" } }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
);

/** One turn after the other, with as many results as there are calls. */
const turn: fc.Arbitrary<ChatMessage[]> = fc.oneof(
  content.map((content): ChatMessage[] => [{ role: "user", content }]),
  text.map((content): ChatMessage[] => [{ role: "assistant", content }]),
  text.map((content): ChatMessage[] => [{ role: "system", content: content.slice(0, 100) }]),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((results): ChatMessage[] => [
    {
      role: "assistant",
      content: null,
      tool_calls: results.map((_, n) => ({
        id: `call-${n}`,
        type: "function" as const,
        function: { name: "look", arguments: "{}" },
      })),
    },
    ...results.map((content, n) => ({ role: "tool" as const, tool_call_id: `call-${n}`, content })),
  ]),
);
/** Each message knows its place, which nothing changes. */
const conversation = fc
  .array(turn, { minLength: 1, maxLength: 14 })
  .map((turns) => turns.flat().map((message, place) => ({ ...message, place })) as (ChatMessage & { place: number })[]);

const placeOf = (message: ChatMessage) => (message as { place?: number }).place as number;
const weigh = (messages: readonly ChatMessage[]) => messages.reduce((total, message) => total + weightOf(message), 0);
const textsOf = ({ content }: ChatMessage): string[] =>
  typeof content === "string" ? [content] : (content ?? []).map((part) => (part.type === "text" ? part.text : ""));

const cases = fc.tuple(conversation, fc.double({ min: 0.05, max: 1.1, noNaN: true }));
const checked = (property: (messages: ChatMessage[], most: number, result: ChatMessage[]) => void) =>
  fc.assert(
    fc.property(cases, ([messages, share]) => {
      const most = Math.floor(weigh(messages) * share);
      const result = middleOut(messages, most);
      if (result) property(messages, most, result.messages);
    }),
    { numRuns: 500 },
  );

test("what is left never weighs more than it may, and stands in the order that it had", () => {
  checked((_messages, most, result) => {
    expect(weigh(result)).toBeLessThanOrEqual(most);
    expect(result.map(placeOf)).toEqual([...result.map(placeOf)].sort((a, b) => a - b));
  });
});

test("instructions are untouched, and the last message is there", () => {
  checked((messages, _most, result) => {
    const instructions = (of: ChatMessage[]) => of.filter(({ role }) => role === "system");
    expect(instructions(result)).toEqual(instructions(messages));
    const last = messages.findLast(({ role }) => role !== "system") as ChatMessage;
    expect(result.map(placeOf)).toContain(placeOf(last));
  });
});

test("no tool call is without its results, and no result without its call", () => {
  checked((messages, _most, result) => {
    const places = new Set(result.map(placeOf));
    for (const [place, { role }] of messages.entries())
      if (role === "tool") expect(places.has(place)).toBe(places.has(place - 1));
  });
});

test("a text is whole, or has lost nothing but its middle", () => {
  checked((messages, _most, result) => {
    for (const message of result) {
      const whole = textsOf(messages[placeOf(message)] as ChatMessage);
      for (const [index, left] of textsOf(message).entries()) {
        if (left === whole[index]) continue;
        const [head = "", tail = ""] = [left.split(" […] ")[0], left.split(" […] ").at(-1)];
        // A lone half of a pair has no bytes to be cut by.
        const written = Buffer.from(whole[index] as string).toString();
        expect(written.startsWith(head) && written.endsWith(tail)).toBe(true);
        expect(left.length).toBeLessThan(written.length);
      }
    }
  });
});

test("what fits is left as it is", () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const result = middleOut(messages, weigh(messages));
      if (result) expect(result).toEqual({ messages, dropped: 0, shortened: 0 });
      else expect(messages.every(({ role }) => role === "system")).toBe(true);
    }),
  );
});

test("instructions between a call and its result do not part them", () => {
  const call: ChatMessage = {
    role: "assistant",
    tool_calls: [{ id: "1", type: "function", function: { name: "look", arguments: "{}" } }],
  };
  const turns: ChatMessage[] = [
    ...[user("x".repeat(900)), call, { role: "system" as const, content: "Hm." }],
    { role: "tool", tool_call_id: "1", content: "y".repeat(4_000) },
    user("Well?"),
  ];
  for (let most = 200; most < 5_500; most += 100) {
    const roles = middleOut(turns, most)?.messages.map(({ role }) => role) ?? [];
    expect(roles.includes("tool")).toBe(roles.includes("assistant"));
  }
});

const user = (content: string): ChatMessage => ({ role: "user", content });
const said = (result: ReturnType<typeof middleOut>) => result?.messages.map(({ content }) => content);

test("the middle goes first, from either side of it at most one message is shortened", () => {
  const turns = "abcdefghi".split("").map((letter) => user(letter.repeat(1_000)));
  const result = middleOut(turns, 5_000);
  expect(result).toMatchObject({ dropped: 3, shortened: 2 });
  expect(said(result)?.map((content) => (content as string)[0])).toEqual(["a", "b", "f", "g", "h", "i"]);
});

test("of a long document and what is asked of it, the document loses its middle", () => {
  const document = `beginning ${"x".repeat(10_000)} end`;
  const result = middleOut([{ role: "system", content: "Be brief." }, user(document), user("What is in it?")], 2_000);
  const [system, shorter, question] = said(result) as string[];
  expect([system, question]).toEqual(["Be brief.", "What is in it?"]);
  expect(shorter).toMatch(/^beginning x+ \[…\] x+ end$/);
  expect(shorter?.length).toBeGreaterThan(1_850);
});

test("a message of nothing that can be shortened cannot be helped", () => {
  expect(middleOut([{ role: "system", content: "x".repeat(1_000) }, user("Hi")], 500)).toBeUndefined();
  expect(
    middleOut([{ role: "user", content: [{ type: "image_url", image_url: { url: "https://a.test/a.png" } }] }], 500),
  ).toBeUndefined();
});
