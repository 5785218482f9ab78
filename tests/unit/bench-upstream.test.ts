import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startMockUpstream } from "../../bench/upstream/mock-upstream.mjs";
import { wholeText } from "../../bench/upstream/pieces.mjs";

const PIECES = 12;
const TEXT = wholeText(PIECES);

let upstream: Awaited<ReturnType<typeof startMockUpstream>>;

beforeEach(async () => {
  upstream = await startMockUpstream();
  upstream.configure({ pieces: PIECES, jsonPieces: PIECES });
});
afterEach(() => upstream.close());

describe("the mock upstream, read by the official SDKs", () => {
  const messages = [{ role: "user" as const, content: "Hello" }];

  test("speaks OpenAI's dialect", async () => {
    const client = new OpenAI({ apiKey: "bench", baseURL: `${upstream.url}/v1` });
    const whole = await client.chat.completions.create({ model: "gpt-4o-mini", messages });
    expect(whole.choices[0]?.message.content).toBe(TEXT);
    expect(whole.usage?.completion_tokens).toBe(PIECES);

    const told = { stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await collect(await client.chat.completions.create({ model: "gpt-4o-mini", messages, ...told }));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(TEXT);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(PIECES);
  });

  test("tells OpenAI's usage only to those who ask for it", async () => {
    const client = new OpenAI({ apiKey: "bench", baseURL: `${upstream.url}/v1` });
    const stream = await client.chat.completions.create({ model: "gpt-4o-mini", messages, stream: true });
    const chunks = await collect(stream);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.some((chunk) => "usage" in chunk)).toBe(false);
  });

  test("speaks Anthropic's dialect", async () => {
    const client = new Anthropic({ apiKey: "bench", baseURL: upstream.url });
    const question = { model: "mock", max_tokens: 100, messages };
    const answers = [await client.messages.create(question), await client.messages.stream(question).finalMessage()];
    for (const answer of answers) {
      expect(answer.content).toEqual([{ type: "text", text: TEXT }]);
      expect(answer.stop_reason).toBe("end_turn");
      expect(answer.usage.output_tokens).toBe(PIECES);
    }
  });

  test("speaks Gemini's dialect", async () => {
    const client = new GoogleGenAI({ apiKey: "bench", httpOptions: { baseUrl: upstream.url } });
    const question = { model: "gemini-2.5-flash", contents: "Hello" };
    const whole = await client.models.generateContent(question);
    expect(whole.text).toBe(TEXT);
    const chunks = await collect(await client.models.generateContentStream(question));
    expect(chunks.map((chunk) => chunk.text ?? "").join("")).toBe(TEXT);
    expect(chunks.at(-1)?.usageMetadata?.candidatesTokenCount).toBe(PIECES);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe("STOP");
  });

  test("counts a stream whose reader left, and waits between pieces", async () => {
    upstream.configure({ pieces: 2, intervalMs: 60_000 });
    const leaving = new AbortController();
    const client = new OpenAI({ apiKey: "bench", baseURL: `${upstream.url}/v1` });
    const stream = await client.chat.completions.create(
      { model: "m", messages, stream: true },
      { signal: leaving.signal },
    );
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) leaving.abort();
    await expect.poll(() => upstream.counts()).toMatchObject({ pieces: 1, aborted: 1 });
  });
});

async function collect<T>(items: AsyncIterable<T>) {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
