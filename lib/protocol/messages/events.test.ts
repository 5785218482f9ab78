import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import type { Ending } from "../answer";
import { type ChatChunk, type ChatDelta, deltaChunk, type FinishReason, finishChunk } from "../chat-chunk";
import { noTokens } from "../token-usage";
import { messages } from "./door";
import { messageEvents } from "./events";

type Event = { type: string; index?: number; [name: string]: unknown };
// biome-ignore lint/suspicious/noExplicitAny: what an event holds is what is asked about
type Any = any;

const stamp = { id: "gen-1", created: 1, model: "a/model", provider: "A provider" };
const bill = { usage: noTokens, cost: 5n, isByok: false, upstream: 0n, upstreamPrompt: 0n, upstreamCompletion: 0n };
const ending = (reason: FinishReason | null): Ending => ({ bill, reason, native: null });

function read(text: string): Event[] {
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((block) => {
      const [, name, json] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      const event = JSON.parse(json ?? "");
      expect(event.type).toBe(name);
      return event;
    });
}

function written(chunks: readonly ChatChunk[], reason: FinishReason | null = "stop"): Event[] {
  const write = messageEvents(stamp);
  return read(chunks.map(write.chunk).join("") + write.end(ending(reason)));
}

async function folded(chunks: readonly ChatChunk[], reason: FinishReason | null = "stop") {
  async function* each() {
    yield* chunks;
  }
  const body = { model: "a/model", messages: [{ role: "user", content: "Hi" }] };
  const { fold } = messages.read(body, () => undefined);
  return (await fold(each(), stamp))(ending(reason)) as Any;
}

const DELTAS: Record<string, string[]> = {
  text: ["text_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  redacted_thinking: [],
  tool_use: ["input_json_delta"],
  image: [],
};

/** The blocks as a client puts them together, and a failure where the events come in an order that he does not know. */
function blocksOf(events: Event[], whole = true) {
  const [first, ...others] = events;
  expect(first?.type).toBe("message_start");
  const end = whole ? others.splice(-2).map(({ type }) => type) : others.splice(-1).map(({ type }) => type);
  expect(end).toEqual(whole ? ["message_delta", "message_stop"] : ["error"]);
  const blocks: Any[] = [];
  let open = false;
  for (const event of others as Any[]) {
    if (event.type === "content_block_start") {
      expect(open).toBe(false);
      expect(event.index).toBe(blocks.length);
      blocks.push({ ...event.content_block, json: "" });
      open = true;
      continue;
    }
    expect(open).toBe(true);
    expect(event.index).toBe(blocks.length - 1);
    if (event.type === "content_block_stop") {
      open = false;
      continue;
    }
    expect(event.type).toBe("content_block_delta");
    const block = blocks.at(-1);
    expect(DELTAS[block.type]).toContain(event.delta.type);
    if (event.delta.text) block.text += event.delta.text;
    if (event.delta.thinking) block.thinking += event.delta.thinking;
    block.json += event.delta.partial_json ?? "";
    block.signature = event.delta.signature ?? block.signature;
  }
  if (whole) expect(open).toBe(false);
  return blocks;
}

const word = fc.string({ minLength: 1, maxLength: 6 });
const format = fc.constantFrom("anthropic-claude-v1", "google-gemini-v1", "openai-responses-v1", "unknown", null);
const at = fc.nat(2);
const detail = fc.oneof(
  fc.record({ type: fc.constant("reasoning.text"), text: word, index: at, format }),
  fc.record({ type: fc.constant("reasoning.text"), signature: word, index: at, format }),
  fc.record({ type: fc.constant("reasoning.summary"), summary: word, index: at, format }),
  fc.record({ type: fc.constant("reasoning.encrypted"), data: word, format }),
  fc.record({
    type: fc.constant("reasoning.encrypted"),
    data: word,
    id: word,
    format: fc.constant("google-gemini-v1"),
  }),
);
const said: fc.Arbitrary<ChatDelta> = fc.oneof(
  word.map((content) => ({ content })),
  word.map((reasoning) => ({ reasoning })),
  word.map((refusal) => ({ refusal })),
  fc.array(detail, { minLength: 1, maxLength: 3 }).map((reasoning_details) => ({ reasoning_details }) as ChatDelta),
  fc.constant({ content: "", role: "assistant" as const }),
  word.map(() => ({ images: [{ image_url: { url: "data:image/png;base64,AAAA" } }] })),
);
type Call = { index: number; json: string; pieces: ChatDelta[] };
const args = fc
  .dictionary(word, fc.oneof(word, fc.double({ noNaN: true }), fc.boolean()))
  .map((o) => JSON.stringify(o));
const call = (index: number): fc.Arbitrary<Call> =>
  fc.tuple(fc.oneof(args, fc.constant("")), fc.array(fc.nat(40), { maxLength: 4 })).map(([json, cuts]) => {
    const places = [0, ...cuts.map((cut) => Math.min(cut, json.length)).sort((a, b) => a - b), json.length];
    const texts = places.slice(1).map((end, n) => json.slice(places[n], end));
    const begin = {
      index,
      id: `call_${index}`,
      type: "function" as const,
      function: { name: `f${index}`, arguments: "" },
    };
    const rest = texts.map((text) => ({ tool_calls: [{ index, function: { arguments: text } }] }));
    return { index, json, pieces: [{ tool_calls: [begin] }, ...rest] };
  });
/** What is said, and calls whose pieces come between it and between each other's. */
const answer = fc
  .tuple(fc.array(said, { maxLength: 8 }), fc.tuple(call(0), call(1), call(2)), fc.nat(3), fc.array(fc.nat(3)))
  .map(([words, calls, count, order]) => {
    const used = calls.slice(0, count);
    const sources = [[...words], ...used.map(({ pieces }) => [...pieces])];
    const deltas: ChatDelta[] = [];
    for (const turn of order) deltas.push(...(sources[turn % sources.length]?.splice(0, 1) ?? []));
    return { deltas: [...deltas, ...sources.flat()], calls: used };
  });

const textOf = (deltas: ChatDelta[]) =>
  deltas.map(({ content, refusal }) => (content ?? "") + (refusal ?? "")).join("");

const thoughtsOf = (deltas: ChatDelta[]) =>
  deltas
    .map(({ reasoning, reasoning_details }) =>
      reasoning_details
        ? reasoning_details.map((one: Any) => one.text ?? one.summary ?? "").join("")
        : (reasoning ?? ""),
    )
    .join("");

describe("whatever an upstream says, in whatever order", () => {
  test("its blocks come one after the other, and nothing of it is lost", () => {
    fc.assert(
      fc.property(answer, ({ deltas, calls }) => {
        const blocks = blocksOf(written([...deltas.map((delta) => deltaChunk(delta)), finishChunk("stop", null)]));
        expect(blocks.map(({ text }) => text ?? "").join("")).toBe(textOf(deltas));
        const thoughts = blocks.filter(({ type }) => type === "thinking").map(({ thinking }) => thinking);
        expect(thoughts.join("")).toBe(thoughtsOf(deltas));
        for (const { index, json } of calls)
          expect(blocks.filter(({ id }) => id === `call_${index}`).map((block) => block.json)).toEqual([json || "{}"]);
      }),
      { numRuns: 500 },
    );
  });

  test("one body holds what the events tell", async () => {
    await fc.assert(
      fc.asyncProperty(answer, async ({ deltas }) => {
        const chunks = [...deltas.map((delta) => deltaChunk(delta)), finishChunk("stop", null)];
        const blocks = blocksOf(written(chunks)).map(({ json, text, thinking, signature, input, ...rest }) => ({
          ...rest,
          ...(rest.type === "text" && { text }),
          ...(rest.type === "thinking" && { thinking, signature }),
          ...(rest.type === "tool_use" && { input: JSON.parse(json) }),
        }));
        expect((await folded(chunks)).content).toEqual(blocks);
      }),
    );
  });

  test("it may break off at any time", () => {
    fc.assert(
      fc.property(answer, fc.nat(20), ({ deltas }, length) => {
        const write = messageEvents(stamp);
        const text = deltas.slice(0, length).map((delta) => write.chunk(deltaChunk(delta)));
        const events = read(text.join("") + write.error(new AppError("provider_overloaded", "Busy")));
        expect(events.at(-1)).toMatchObject({
          error: { type: "overloaded_error", message: "Busy" },
          request_id: "gen-1",
        });
        if (events.length > 1) blocksOf(events, false);
      }),
    );
  });

  test("thoughts come back as they went out, wherever they came from", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(detail, { minLength: 1, maxLength: 5 }), async (details) => {
        const { content } = await folded([deltaChunk({ reasoning_details: details } as ChatDelta)]);
        const turns = [
          { role: "user", content: "Hi" },
          { role: "assistant", content },
        ];
        const { request } = messages.read({ model: "a/model", messages: turns }, () => undefined);
        const back = (request.messages[1] as Any).reasoning_details as Any[];
        const flat = (all: Any[]) => all.map(({ type, format, id, data }) => ({ type, format, id, data }));
        expect(new Set(flat(back).map((one) => JSON.stringify(one)))).toEqual(
          new Set(flat(details).map((one) => JSON.stringify(one))),
        );
        expect(back.map(({ text, summary }) => text ?? summary ?? "").join("")).toBe(
          details.map(({ text, summary }: Any) => text ?? summary ?? "").join(""),
        );
      }),
    );
  });
});

test.each([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["tool_calls", "tool_use"],
  ["content_filter", "refusal"],
] as const)("%s is %s", async (reason, stop) => {
  const chunks = [deltaChunk({ content: "Hi" }), finishChunk(reason, null)];
  expect(written(chunks, reason).at(-2)).toMatchObject({ delta: { stop_reason: stop, stop_sequence: null } });
  expect(await folded(chunks, reason)).toMatchObject({ stop_reason: stop, content: [{ type: "text", text: "Hi" }] });
});

test("an upstream that calls and says only that it stopped has called", () => {
  const calling = deltaChunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{}" } }] });
  expect(written([calling]).at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
});

test("the beginning tells the input where it is known, and the end what all of it cost", () => {
  const usage = { ...noTokens, input: 10, cacheRead: 5, cacheWriteHour: 3, output: 4, reasoning: 2 };
  const write = messageEvents(stamp);
  const chunk = { ...deltaChunk({ content: "Hi" }), usage: { ...usage, output: 0 } };
  const events = read(write.chunk(chunk) + write.end({ ...ending("stop"), bill: { ...bill, usage } })) as Any[];
  expect(events[0].message).toMatchObject({
    ...{ id: "gen-1", type: "message", role: "assistant", model: "a/model", provider: "A provider", content: [] },
    usage: { input_tokens: 10, cache_read_input_tokens: 5, cache_creation_input_tokens: 3 },
  });
  expect(events.at(-2).usage).toMatchObject({
    ...{ input_tokens: 10, output_tokens: 6, cache_read_input_tokens: 5, cache_creation_input_tokens: 3 },
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 3 },
    output_tokens_details: { thinking_tokens: 2 },
    ...{ cost: 5e-9, is_byok: false },
  });
});

test("an answer of nothing is a message all the same", () => {
  expect(written([]).map(({ type }) => type)).toEqual(["message_start", "message_delta", "message_stop"]);
});
