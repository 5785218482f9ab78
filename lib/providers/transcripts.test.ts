import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chatEvents } from "@/lib/protocol/chat/events";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { collect } from "@/lib/protocol/collect";
import { completionTokens, promptTokens, type TokenUsage } from "@/lib/protocol/token-usage";
import { readWhole as readAnthropic } from "./anthropic/answer";
import { anthropicReader } from "./anthropic/stream";
import type { Json } from "./dialect";
import { geminiReader, readWhole as readGemini } from "./gemini/answer";
import { readWhole as readOpenAi } from "./openai-compatible/answer";
import { openAiReader } from "./openai-compatible/stream";
import { eventsOf } from "./server-sent-events";
import { usageOf } from "./testing/calls";
import { cutAt, type Outcome, type Reading, readStreamed, readUnstreamed, transcriptsIn } from "./testing/transcripts";

type Totals = { prompt: number; completion: number };
type Counted = Record<string, number | undefined>;

const total = (usage: Counted, names: string[]) => names.reduce((sum, name) => sum + (usage[name] ?? 0), 0);

/** The upstream's own sums, taken from its whole answer. */
const kinds: Record<string, Reading & { totals: (whole: Json) => Totals | undefined }> = {
  "openai-compatible": {
    reader: openAiReader,
    readWhole: readOpenAi,
    totals({ usage }) {
      const told = usage as Counted | undefined;
      return told && { prompt: total(told, ["prompt_tokens"]), completion: total(told, ["completion_tokens"]) };
    },
  },
  anthropic: {
    reader: anthropicReader,
    readWhole: readAnthropic,
    totals: ({ usage }) => ({
      prompt: total(usage as Counted, ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]),
      completion: total(usage as Counted, ["output_tokens"]),
    }),
  },
  gemini: {
    reader: geminiReader,
    readWhole: readGemini,
    totals({ usageMetadata }) {
      const told = usageMetadata as Counted;
      const completion = total(told, ["candidatesTokenCount", "thoughtsTokenCount"]);
      return { prompt: total(told, ["totalTokenCount"]) - completion, completion };
    },
  },
};

const transcripts = Object.entries(kinds).flatMap(([kind, reading]) =>
  transcriptsIn(kind).map((transcript) => ({ ...transcript, title: `${kind}: ${transcript.name}`, reading })),
);
const answered = transcripts.flatMap(({ whole, ...rest }) => (whole ? [{ ...rest, whole }] : []));
const failed = transcripts.filter(({ whole }) => !whole);

async function* each<T>(values: Iterable<T>) {
  yield* values;
}

const fold = (chunks: Iterable<ChatChunk>) => collect(each(chunks));
const comparable = ({ chunks, error }: Outcome) => JSON.stringify({ chunks, error: String(error) });

describe("wherever a stream is cut, it says the same", () => {
  test.each(transcripts)("$title", async ({ bytes, reading }) => {
    const uncut = comparable(await readStreamed(reading, [bytes]));
    const byteByByte = cutAt(bytes, Array.from(bytes, (_, at) => at).slice(1));
    expect(comparable(await readStreamed(reading, byteByByte))).toBe(uncut);
    for (let at = 1; at < bytes.length; at++) {
      if (comparable(await readStreamed(reading, cutAt(bytes, [at]))) !== uncut)
        throw new Error(`cut at ${at}, after ${JSON.stringify(bytes.subarray(0, at).toString().slice(-40))}`);
    }
  });

  test("in any number of pieces", async () => {
    const any = fc.constantFrom(...transcripts).chain(({ bytes, reading }) =>
      fc.record({
        bytes: fc.constant(bytes),
        reading: fc.constant(reading),
        cuts: fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 24 }),
      }),
    );
    const property = fc.asyncProperty(any, async ({ bytes, reading, cuts }) => {
      const pieces = await readStreamed(reading, cutAt(bytes, cuts));
      expect(comparable(pieces)).toBe(comparable(await readStreamed(reading, [bytes])));
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe("a folded stream is the whole answer", () => {
  test.each(answered)("$title", async ({ bytes, whole, reading }) => {
    const streamed = await readStreamed(reading, [bytes]);
    const unstreamed = await readUnstreamed(reading, whole);
    expect(streamed.error).toBeUndefined();
    const body = await fold(unstreamed.chunks);
    expect(body.choices.every(({ finish_reason }) => finish_reason)).toBe(true);
    expect(await fold(streamed.chunks)).toEqual(body);
    expect(usageOf(streamed.chunks)).toEqual(usageOf(unstreamed.chunks));
    expect((await fold(await throughOurWire(streamed.chunks))).choices).toEqual(body.choices);
  });
});

/** The chunks as a client of ours reads them. */
async function throughOurWire(chunks: ChatChunk[]): Promise<ChatChunk[]> {
  const write = chatEvents({ id: "gen-1", created: 1, model: "a/model", provider: "A provider" });
  const usage = usageOf(chunks) ?? ({ input: 1, output: 1, reasoning: 0 } as TokenUsage);
  const last = chunks.flatMap(({ choices }) => choices).findLast(({ index, finish_reason }) => !index && finish_reason);
  const bill = { usage, cost: 0n, isByok: false, upstream: 0n, upstreamPrompt: 0n, upstreamCompletion: 0n };
  const text = [
    ": a comment\n\n",
    ...chunks.filter(({ choices }) => choices.length > 0).map(write.chunk),
    write.end({ bill, reason: last?.finish_reason ?? null, native: last?.native_finish_reason ?? null }),
  ].join("");
  const read: ChatChunk[] = [];
  for await (const events of eventsOf(each([Buffer.from(text)])))
    for (const { data } of events) if (data !== "[DONE]") read.push(JSON.parse(data));
  return read;
}

describe("tool calls are such as any client takes", () => {
  test.each(answered)("$title", async ({ bytes, reading }) => {
    const { chunks } = await readStreamed(reading, [bytes]);
    for (const { message, finish_reason, native_finish_reason } of (await fold(chunks)).choices) {
      for (const { id, function: called } of message.tool_calls ?? []) {
        expect(id && called.name).toBeTruthy();
        expect(JSON.parse(called.arguments)).toBeTypeOf("object");
      }
      if (message.tool_calls && native_finish_reason?.toLowerCase() === "stop")
        expect(finish_reason).toBe("tool_calls");
    }
    const told = chunks.flatMap(({ choices }) =>
      choices.flatMap(({ index, delta }) => (delta.tool_calls ?? []).map((call) => ({ choice: index, ...call }))),
    );
    // Some clients join whatever comes twice.
    for (const part of [told.filter(({ id }) => id), told.filter((call) => call.function.name)])
      expect(new Set(part.map(({ choice, index }) => `${choice}.${index}`)).size).toBe(part.length);
  });
});

describe("every word of an answer reaches the caller", () => {
  test.each(answered)("$title", async ({ whole, reading }) => {
    const { chunks } = await readUnstreamed(reading, whole);
    const said = JSON.stringify([...stringsIn(await fold(chunks))]);
    for (const word of stringsIn(whole.choices ?? whole.content ?? whole.candidates ?? whole.promptFeedback))
      expect(said).toContain(JSON.stringify(word).slice(1, -1));
  });
});

/** Words of the format, verdicts on safety, and what Gemini drafts or says of its own mistake. */
const notSaid = new Set(["type", "role", "mimeType", "safetyRatings", "content_filter_results", "bytes"]);

/** The texts in a value, and in the JSON that a text may be. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string") {
    yield value;
    if (value.startsWith("{")) yield* stringsIn(JSON.parse(value));
  } else if (Array.isArray(value)) for (const one of value) yield* stringsIn(one);
  else if (value && typeof value === "object") {
    if ("inlineData" in value && "thought" in value) return;
    if ("finishReason" in value && value.finishReason === "MALFORMED_FUNCTION_CALL") return;
    for (const [name, one] of Object.entries(value)) if (!notSaid.has(name)) yield* stringsIn(one);
  }
}

describe("the buckets of usage add up to the upstream's own totals", () => {
  test.each(answered)("$title", async ({ bytes, whole, reading }) => {
    const totals = reading.totals(whole);
    for (const { chunks } of [await readStreamed(reading, [bytes]), await readUnstreamed(reading, whole)]) {
      const usage = usageOf(chunks);
      expect(usage && { prompt: promptTokens(usage), completion: completionTokens(usage) }).toEqual(totals);
      for (const count of Object.values(usage ?? {})) expect(count).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("a stream that fails", () => {
  test.each(failed)("$title", async ({ name, bytes, reading }) => {
    const { chunks, error } = await readStreamed(reading, [bytes]);
    expect(JSON.stringify(chunks)).toContain("Once");
    const failure = { overloaded: "overloaded", "cut-off": "transport" }[name.replace("error-", "")] ?? "server";
    expect(error).toMatchObject({ name: "ProviderError", failure });
  });
});
