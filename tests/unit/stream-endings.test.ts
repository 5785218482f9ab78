import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, readWellEnded } from "../ask";
import { useFreshDatabase } from "../database";
import * as faults from "../faulty-upstream/faults";
import type { Fault } from "../faulty-upstream/start";
import {
  INPUT_TOKENS,
  leadPieces,
  OUTPUT_TOKENS,
  transcript,
  WIRE_NAMES,
  WORDS,
  wires,
} from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, type Served, startGateway } from "../gateway";

const WHOLE = WORDS.join("");
const COST = BigInt(INPUT_TOKENS * 1_000 + OUTPUT_TOKENS * 2_000);

/** Texts that an event must not be able to break out of, and that must not be broken by where a packet ends. */
const TRICKY = [
  "\n\ndata: [DONE]\n\n",
  "event: error\r\n: hush\r",
  '"}]}\n\ndata: {"x":1}',
  "Grüße 🙂 ",
  "日本語 \u2028",
];

/** Chunks that say nothing, or say it oddly, between two words. */
const odd: Record<(typeof WIRE_NAMES)[number], string[]> = {
  openai: [
    'data: {"choices":[]}\n\n',
    'data: {"choices":null,"x":{"y":[1]}}\n\n',
    'data: {"choices":[{"index":0,"delta":null,"finish_reason":null}]}\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":null,"tool_calls":null,"surprise":{}},"finish_reason":""}]}\n\n',
  ],
  "openai-responses": [
    'data: {"type":"response.surprise","x":1}\n\n',
    'data: {"type":"response.output_text.delta"}\n\n',
  ],
  anthropic: ['data: {"type":"surprise"}\n\n', 'data: {"type":"content_block_delta","index":0,"delta":null}\n\n'],
  google: ['data: {"candidates":[]}\n\n', 'data: {"candidates":[{"content":null}],"x":1}\n\n', "data: {}\n\n"],
};

type Row = { does: (wire: (typeof WIRE_NAMES)[number]) => Fault; text?: string; estimated?: readonly string[] };

/** What a stream may do and is whole all the same. Where the count is lost, it is counted for. */
const rows: Record<string, Row> = {
  "is cut after it said why it stopped": { does: () => faults.finishesThen.dies, estimated: ["openai"] },
  "is reset after it said why it stopped": { does: () => faults.finishesThen.resets, estimated: ["openai"] },
  "hangs after it said why it stopped": { does: () => faults.finishesThen.hangs, estimated: ["openai"] },
  "tells an error after it said why it stopped": { does: () => faults.finishesThen.tellsError, estimated: ["openai"] },
  "ends without its last event": {
    does: () => faults.streams(({ wire }) => transcript(wire).filter((piece) => piece !== wire.end)),
  },
  "ends twice": { does: () => faults.streams(({ wire }) => [...transcript(wire), wire.end, wire.end]) },
  "has more words after its end": {
    does: () => faults.streams(({ wire: of }) => [...transcript(of), ...(of.end ? [of.word("more"), of.end] : [])]),
  },
  "counts nothing": { does: () => faults.says(WORDS, false), estimated: WIRE_NAMES },
  "has events that say nothing": {
    does: (wire) =>
      faults.streams(({ wire: of }) =>
        transcript(of).flatMap((piece) => [piece, ...(piece === of.end ? [] : odd[wire])]),
      ),
  },
  "comes byte by byte": { does: () => faults.inPiecesOf(1, WORDS) },
  "has what looks like events in its words, byte by byte": {
    does: () => faults.inPiecesOf(1, TRICKY),
    text: TRICKY.join(""),
  },
};

const cases: (Served & Row & { title: string })[] = [];
for (const wire of WIRE_NAMES)
  for (const [title, row] of Object.entries(rows)) {
    // The last event of these has both the end and the count.
    const model = `whole-${cases.length}`;
    cases.push({
      ...row,
      title: `${wire}: one that ${title}`,
      model,
      wire,
      providers: { [`first-${wire}`]: row.does(wire) },
    });
  }

/** Words, and a second reason to stop, after the first: each format says otherwise what of that is still the answer. */
const speaking = WIRE_NAMES.map((wire) => ({
  ...{ wire, model: `speaks-on-${wire}`, providers: { [`first-${wire}`]: faults.finishesThen.speaksOn } },
  text: { openai: " and more", "openai-responses": "", anthropic: " and more", google: " and more and yet more" }[wire],
}));

const endless = WIRE_NAMES.map((wire) => ({
  ...{ wire, model: `endless-${wire}`, providers: { [`first-${wire}`]: faults.endless("word ".repeat(13_000)) } },
}));

/** Where the sound answer is cut: at both sides of each of its pieces, and at places in between. */
function placesToCut(wire: (typeof WIRE_NAMES)[number]): number[] {
  const bytes = faults.bytesOf({ wire: wires[wire], stream: true });
  const text = bytes.toString("latin1");
  const places = new Set<number>([0, bytes.length - 1]);
  for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", at + 1))
    for (const by of [0, 1, 2]) places.add(at + by);
  for (let at = 0; at < bytes.length; at += 41) places.add(at);
  return [...places].filter((at) => at < bytes.length).sort((a, b) => a - b);
}

const cuts = WIRE_NAMES.flatMap((wire) =>
  placesToCut(wire).map((at) => ({
    ...{ wire, at, model: `cut-${wire}-${at}` },
    providers: { [`first-${wire}`]: faults.cutAtByte(at), [`second-${wire}`]: faults.answers },
  })),
);

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(await useFreshDatabase(), [...cases, ...speaking, ...endless, ...cuts]);
});
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

async function read(model: string, order?: string[]) {
  const response = await ask(gateway, model, { order });
  const said = readWellEnded(await response.text());
  return { said, books: await gateway.books(response.headers.get("x-generation-id") ?? "") };
}

describe.concurrent("an answer that has said why it stopped is whole, and ends once", () => {
  test.each(cases)("$title", async ({ model, wire, text = WHOLE, estimated = [] }) => {
    const { said, books } = await read(model);
    expect(said).toMatchObject({ text, finish: "stop", error: undefined });
    expect(books).toMatchObject({ outcome: "completed", finish: "stop", hold: "settled" });
    expect(books.usageSource).toBe(estimated.includes(wire) ? "estimate" : "provider");
    if (books.usageSource === "provider") expect(books.costNano).toBe(COST);
    else expect(books.costNano).toBeGreaterThan(0n);
  });

  test.each(speaking)("$wire: one that goes on speaking loses no word, and stops once", async ({ model, text }) => {
    const { said, books } = await read(model);
    expect(said).toMatchObject({ text: WHOLE + text, finish: "stop", error: undefined });
    expect(books).toMatchObject({ outcome: "completed", hold: "settled" });
  });
});

test.each(endless)("$wire: one that says more than its model can is broken off", async ({ wire, model }) => {
  const { said, books } = await read(model);
  expect(said).toMatchObject({ finish: "error", error: { code: 502, metadata: { failure: "malformed" } } });
  expect(said.text.length).toBeGreaterThan(1024 * 1024);
  expect(said.text.length).toBeLessThan(1.2 * 1024 * 1024);
  expect(books).toMatchObject({ outcome: "failed", costNano: 0n });
  await gateway.upstream.exchanges(`first-${wire}`, model)[0]?.closed;
});

/** The words that are whole among the first bytes. */
function wordsBefore(wire: (typeof WIRE_NAMES)[number], at: number): number {
  const pieces = transcript(wires[wire]).slice(0, leadPieces(wires[wire]) + WORDS.length);
  const bytes = faults.bytesOf({ wire: wires[wire], stream: true }).toString("latin1");
  let words = -leadPieces(wires[wire]);
  for (const piece of pieces) if (bytes.indexOf(piece) + piece.length <= at) words++;
  return Math.max(0, words);
}

describe.concurrent("an answer that is cut at any byte is another's, or ends in one error, or is whole", () => {
  test.each(WIRE_NAMES)("%s", async (wire) => {
    const outcomes = new Set<string>();
    for (const { model, at } of cuts.filter((cut) => cut.wire === wire)) {
      const { said, books } = await read(model, [`first-${wire}`, `second-${wire}`]);
      const elsewhere = books.attempts.length === 1;
      outcomes.add(elsewhere ? "elsewhere" : books.outcome);
      if (books.outcome === "completed") {
        expect(said, `cut at ${at}`).toMatchObject({ text: WHOLE, finish: "stop", error: undefined });
        if (elsewhere) expect(wordsBefore(wire, at), `cut at ${at}`).toBe(0);
      } else {
        expect(said, `cut at ${at}`).toMatchObject({ finish: "error", error: { code: 502 } });
        expect(WHOLE.startsWith(said.text)).toBe(true);
        expect(said.text, `cut at ${at}`).toBe(WORDS.slice(0, wordsBefore(wire, at)).join(""));
        expect(books).toMatchObject({ outcome: "failed", costNano: 0n, hold: "released" });
      }
    }
    expect(outcomes).toEqual(new Set(["elsewhere", "failed", "completed"]));
  });
});
