import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { eventsOf } from "./server-sent-events";
import { findFault } from "./upstream-fault";

async function* bodyOf(...pieces: (string | Uint8Array)[]) {
  for (const piece of pieces) yield typeof piece === "string" ? Buffer.from(piece) : piece;
}

async function dataOf(body: AsyncIterable<Uint8Array>): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const events of eventsOf(body)) batches.push(events.map(({ data }) => data));
  return batches;
}

/** The bytes of a text, one by one: every place where it could be cut. */
const byteByByte = (text: string) => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));

describe("eventsOf", () => {
  test("keeps what came in one read together, and gives no empty batch", async () => {
    const body = bodyOf("data: 1\n\ndata: 2\n\nda", "ta: 3", "\n\n", ": comment\n\n");
    expect(await dataOf(body)).toEqual([["1", "2"], ["3"]]);
  });

  test.each([
    ["LF", "data: ä1\n\ndata: €2\n\n"],
    ["CRLF", "data: ä1\r\n\r\ndata: €2\r\n\r\n"],
    ["CR", "data: ä1\r\rdata: €2\r\r"],
    ["a byte order mark", "\ufeffdata: ä1\n\ndata: €2\n\n"],
    ["no space after the colon", "data:ä1\n\ndata:€2\n\n"],
    ["no blank line at the end", "data: ä1\n\ndata: €2"],
    ["other fields between", "event: x\nid: 7\nretry: 10\ndata: ä1\n\n: hm\ndata: €2\n\n"],
  ])("reads streams with %s, wherever they are cut", async (_, text) => {
    expect((await dataOf(bodyOf(text))).flat()).toEqual(["ä1", "€2"]);
    expect((await dataOf(bodyOf(...byteByByte(text)))).flat()).toEqual(["ä1", "€2"]);
  });

  test("reads text outside the first plane, cut in the middle of a character", async () => {
    const text = 'data: {"x":"👩‍🚀 grüße 漢字"}\n\n';
    expect(await dataOf(bodyOf(...byteByByte(text)))).toEqual([['{"x":"👩‍🚀 grüße 漢字"}']]);
  });

  test("joins several data lines of one event", async () => {
    expect(await dataOf(bodyOf("data: a\ndata: b\n\n"))).toEqual([["a\nb"]]);
  });

  test("refuses an event without end, but takes a larger one where pictures may come", async () => {
    const large = `data: ${"x".repeat(1024 * 1024)}`;
    const error = await dataOf(bodyOf(large, "x".repeat(100), "\n\n")).catch((reason: unknown) => reason);
    expect(findFault(error)).toMatchObject({ kind: "malformed" });
    const batches: number[] = [];
    for await (const events of eventsOf(bodyOf(large, "\n\n"), { mostCharacters: 2 * 1024 * 1024 }))
      batches.push(events.length);
    expect(batches).toEqual([1]);
  });

  test("refuses a stream of nothing but comments", async () => {
    async function* comments() {
      for (;;) {
        yield Buffer.from(": still here\n\n");
        await sleep(10);
      }
    }
    const reading = (async () => {
      for await (const _ of eventsOf(comments(), { mostSilence: 50 }));
    })();
    const error = await reading.catch((reason: unknown) => reason);
    expect(findFault(error)).toEqual({ kind: "late", phase: "idle", milliseconds: 50 });
  });

  test("does not hold a slow reader against the upstream", async () => {
    const read: string[] = [];
    for await (const events of eventsOf(bodyOf("data: 1\n\n", ": hm\n\n", "data: 2\n\n"), { mostSilence: 30 })) {
      read.push(...events.map(({ data }) => data));
      await sleep(60);
    }
    expect(read).toEqual(["1", "2"]);
  });

  test("ends the upstream's work where the reader leaves", async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.from("data: 1\n\n");
      } finally {
        ended = true;
      }
    }
    for await (const _ of eventsOf(endless())) break;
    expect(ended).toBe(true);
  });
});
