import fc from "fast-check";
import { expect, test } from "vitest";
import { ProviderError } from "@/lib/errors";
import { collect } from "@/lib/protocol/collect";
import { transcript, wires } from "@/tests/faulty-upstream/wires";
import { readWhole as readAnthropic } from "./anthropic/answer";
import { anthropicReader } from "./anthropic/stream";
import { geminiReader, readWhole as readGemini } from "./gemini/answer";
import { readWhole as readOpenAi } from "./openai-compatible/answer";
import { openAiReader } from "./openai-compatible/stream";
import { readWhole as readResponses } from "./openai-responses/answer";
import { responsesReader } from "./openai-responses/stream";
import { type Outcome, type Reading, readStreamed, readUnstreamed, transcriptsIn } from "./testing/transcripts";

const kinds: Record<string, Reading> = {
  "openai-compatible": { reader: openAiReader, readWhole: readOpenAi },
  "openai-responses": { reader: responsesReader, readWhole: readResponses },
  anthropic: { reader: anthropicReader, readWhole: readAnthropic },
  gemini: { reader: geminiReader, readWhole: readGemini },
};

type Value = { json: unknown };

/** What stands where something else should. The last has no text at all: to make one of it throws. */
const poison = fc.constantFrom(
  ...[null, true, -1, 0.5, 1e308, "", "x", "<b>", [], [null], [[]], {}, { a: 1 }, { toString: 1, valueOf: 1 }].map(
    (json): Value => ({ json }),
  ),
);

/** Every place in a value, by the keys that lead to it. */
function placesIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key]))];
}

/** The value with something else at a place, or with nothing there. */
function replaced(value: unknown, [key, ...rest]: (string | number)[], by: Value | "nothing"): unknown {
  if (key === undefined) return by === "nothing" ? null : by.json;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  if (rest.length === 0 && by === "nothing") delete copy[key];
  else copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const changes = fc.array(
  fc.record({ event: fc.nat(), place: fc.nat(), by: fc.oneof(poison, fc.constant("nothing" as const)) }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

type Change = { event: number; place: number; by: Value | "nothing" };

function poisoned(events: unknown[], all: Change[]): unknown[] {
  const copy = [...events];
  for (const { event, place, by } of all) {
    const at = event % copy.length;
    const places = placesIn(copy[at]);
    copy[at] = replaced(copy[at], places[place % places.length] ?? [], by);
  }
  return copy;
}

const eventsIn = (text: string): unknown[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data: ") && !line.includes("[DONE]"))
    .flatMap((line) => {
      try {
        return [JSON.parse(line.slice("data: ".length))];
      } catch {
        return [];
      }
    });

const sources = Object.entries(kinds).flatMap(([kind, reading]) => {
  const wire = { "openai-compatible": "openai", gemini: "google" }[kind] ?? kind;
  const plain = transcript(wires[wire as keyof typeof wires]).join("");
  const texts = kind === "openai-responses" ? [] : transcriptsIn(kind).map(({ bytes }) => bytes.toString("utf8"));
  return [plain, ...texts]
    .map((text) => ({ reading, kind, events: eventsIn(text) }))
    .filter(({ events }) => events.length);
});

async function* each<T>(values: Iterable<T>) {
  yield* values;
}

/** An answer as it should be, or a failure that is the provider's; and texts are texts, whatever stood in their place. */
async function expectSound({ chunks, error }: Outcome) {
  if (error !== undefined && !(error instanceof ProviderError)) throw error;
  for (const { choices } of chunks)
    for (const { delta, finish_reason, index } of choices) {
      expect(typeof index).toBe("number");
      expect(finish_reason === null || typeof finish_reason === "string").toBe(true);
      for (const text of [delta.content, delta.reasoning, delta.refusal]) expect(typeof (text ?? "")).toBe("string");
      for (const { index: at, function: called } of delta.tool_calls ?? []) {
        expect(typeof at).toBe("number");
        expect(typeof (called.arguments ?? "") + typeof (called.name ?? "")).toBe("stringstring");
      }
    }
  await collect(each(chunks));
}

test("whatever stands in an event, the answer is sound or its failure is the provider's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sources), changes, async ({ reading, events }, all) => {
      const text = poisoned(events, all).map((event) => `data: ${JSON.stringify(event)}\n\n`);
      await expectSound(await readStreamed(reading, [Buffer.from(text.join(""))]));
    }),
    { numRuns: 3_000 },
  );
});

test("the same of an answer that was not streamed", async () => {
  const wholes = Object.entries(kinds).flatMap(([kind, reading]) => {
    const wire = { "openai-compatible": "openai", gemini: "google" }[kind] ?? kind;
    const known = kind === "openai-responses" ? [] : transcriptsIn(kind).flatMap(({ whole }) => (whole ? [whole] : []));
    return [wires[wire as keyof typeof wires].whole("One two three"), ...known].map((whole) => ({ reading, whole }));
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...wholes), changes, async ({ reading, whole }, all) => {
      const [changed] = poisoned([whole], all);
      await expectSound(await readUnstreamed(reading, changed as never));
    }),
    { numRuns: 2_000 },
  );
});
