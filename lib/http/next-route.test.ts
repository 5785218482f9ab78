import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ApiReply, Patience } from "./api-handler";
import { nextRoute } from "./next-route";

Object.assign(process.env, {
  DATABASE_URL: "postgres://nowhere/none",
  APP_SECRET: "5f2b1c9d8e7a6f3b4c5d6e7f8a9b0c1d",
  LOG_LEVEL: "silent",
});

const FOREVER: Patience = { silence: 60_000, stalled: 60_000 };

/** An answer of many words at this mount; what its handler was told of the end, and how many words it was asked for. */
async function answering(patience: Partial<Patience>, { request = {} as RequestInit, words = 1_000, apart = 0 } = {}) {
  const seen = { signal: undefined as AbortSignal | undefined, returned: false, asked: 0 };
  const speaking = async function* () {
    try {
      for (; seen.asked < words; seen.asked++) {
        if (apart) await sleep(apart);
        yield "word ";
      }
    } finally {
      seen.returned = true;
    }
  };
  const route = nextRoute(
    async ({ signal }): Promise<ApiReply> => {
      seen.signal = signal;
      return { status: 200, headers: {}, body: speaking(), meanwhile: ": wait\n\n" };
    },
    { ...FOREVER, ...patience },
  );
  const response = await route(new Request("http://host/", { method: "POST", body: "{}", ...request }));
  return { seen, body: response.body as ReadableStream<Uint8Array> };
}

test("who cancels the stream is gone at once: the handler is told, and what it made the words of is ended", async () => {
  const { seen, body } = await answering({});
  const reader = body.getReader();
  await reader.read();
  await reader.cancel();
  expect(seen.signal?.aborted).toBe(true);
  await expect.poll(() => seen.returned, { timeout: 1_000 }).toBe(true);
});

test("who cancels while the next word is waited for is gone before it comes", async () => {
  const { seen, body } = await answering({}, { apart: 300 });
  const reader = body.getReader();
  await reader.cancel();
  expect(seen.signal?.aborted).toBe(true);
  expect(seen.asked).toBe(0);
});

test("a request whose signal is aborted, before or during the answer, is a caller who went away", async () => {
  const hangUp = new AbortController();
  const { seen } = await answering({}, { request: { signal: hangUp.signal } });
  expect(seen.signal?.aborted).toBe(false);
  hangUp.abort();
  expect(seen.signal?.aborted).toBe(true);
  const gone = await answering({}, { request: { signal: AbortSignal.abort() } });
  expect(gone.seen.signal?.aborted).toBe(true);
});

test("who takes nothing for long is gone, his stream is an error, and no more is read for him", async () => {
  const { seen, body } = await answering({ stalled: 60 });
  const reader = body.getReader();
  await reader.read();
  await sleep(30);
  expect(seen.signal?.aborted).toBe(false);
  await expect.poll(() => seen.signal?.aborted, { timeout: 1_000 }).toBe(true);
  await expect.poll(() => seen.returned, { timeout: 1_000 }).toBe(true);
  expect(seen.asked).toBeLessThanOrEqual(3);
  await expect(reader.read().then(() => reader.read())).rejects.toThrow("does not read");
});

test("who reads slowly, but in time, gets it all; a silence of the handler is no stall of the caller's", async () => {
  const { seen, body } = await answering({ stalled: 80 }, { words: 8 });
  const reader = body.getReader();
  let text = "";
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    text += new TextDecoder().decode(step.value);
    await sleep(25);
  }
  expect(text).toBe("word ".repeat(8));
  expect(seen.returned).toBe(true);
  const silent = await answering({ stalled: 40 }, { words: 2, apart: 150 });
  const said: string[] = [];
  for await (const piece of silent.body as unknown as AsyncIterable<Uint8Array>) said.push(String(piece.length));
  expect(said).toEqual(["5", "5"]);
});

test("a silence is filled with comments, and the word that comes after it is not lost", async () => {
  const { body } = await answering({ silence: 20 }, { words: 1, apart: 130 });
  let text = "";
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) text += new TextDecoder().decode(piece);
  expect(text.split(": wait\n\n").length).toBeGreaterThan(3);
  expect(text.endsWith("word ")).toBe(true);
});
