import { OpenAIEmbeddings } from "@langchain/openai";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { embed } from "@tanstack/ai";
import { createOpenaiEmbedding } from "@tanstack/ai-openai";
import { embedMany, generateText } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStandIns } from "../../../scripts/stand-ins/start.mjs";
import { openRouterSdk } from "./openrouter-sdk";
import { FORMATS, nanos, type Served, serve } from "./served";

let served: Served;
let standIns: Awaited<ReturnType<typeof startStandIns>>;

beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 2 });
  served = await serve(standIns);
});

afterAll(async () => {
  await served?.close();
  await standIns?.stop();
});

const HELLO = "Hello there";
type Costly = { cost?: number };

describe.each(FORMATS)("the legacy completions on $format", ({ model: slug }) => {
  test("openai: whole, and in pieces", async () => {
    const { completions } = served.customer.client;
    const answer = await completions.create({ model: slug, prompt: HELLO });
    expect(answer).toMatchObject({ object: "text_completion", choices: [{ index: 0, finish_reason: "stop" }] });
    expect(answer.choices[0]?.text).toContain(HELLO);
    expect((await served.booked(answer.id)).charged).toBe(nanos((answer.usage as Costly).cost));
    let text = "";
    let cost: number | undefined;
    for await (const chunk of await completions.create({ model: slug, prompt: [HELLO], stream: true, echo: true })) {
      text += chunk.choices[0]?.text ?? "";
      cost = (chunk.usage as Costly | undefined)?.cost ?? cost;
    }
    expect(text.startsWith(HELLO)).toBe(true);
    expect(text.length).toBeGreaterThan(2 * HELLO.length);
    expect(cost).toBeGreaterThan(0);
  });

  test("@openrouter/ai-sdk-provider: its completion model", async () => {
    const provider = createOpenRouter({
      apiKey: served.customer.key,
      baseURL: served.baseURL,
      compatibility: "strict",
    });
    const { text, usage } = await generateText({ model: provider.completion(slug), prompt: HELLO });
    expect(text).toContain(HELLO);
    expect(usage.outputTokens).toBeGreaterThan(0);
  });
});

const EMBEDDERS = [
  { format: "OpenAI", model: "openai/text-embedding-3-small" },
  { format: "Gemini", model: "google/gemini-embedding-001" },
];

describe.each(EMBEDDERS)("embeddings on $format", ({ model }) => {
  const inputs = ["Hello there", "How are you?", "Hello there"];

  test("openai: base64 by itself, numbers where they are asked for, and the same in both", async () => {
    const { embeddings } = served.customer.client;
    const answer = await embeddings.create({ model, input: inputs, dimensions: 8 });
    expect(answer.data.map(({ index, embedding }) => [index, embedding.length])).toEqual(
      [0, 1, 2].map((at) => [at, 8]),
    );
    expect(answer.data[2]?.embedding).toEqual(answer.data[0]?.embedding);
    expect(answer.data[1]?.embedding).not.toEqual(answer.data[0]?.embedding);
    const { id, usage } = answer as unknown as { id: string; usage: Costly & { prompt_tokens: number } };
    expect(usage.prompt_tokens).toBeGreaterThan(5);
    expect((await served.booked(id)).charged).toBe(nanos(usage.cost));
    const numbers = await embeddings.create({ model, input: HELLO, dimensions: 8, encoding_format: "float" });
    for (const [place, number] of (numbers.data[0]?.embedding ?? []).entries())
      expect(number).toBeCloseTo(answer.data[0]?.embedding[place] ?? Number.NaN, 6);
  });

  test("@openrouter/sdk: an answer that its schema takes", async () => {
    const answer = await openRouterSdk(served).embeddings.generate({ requestBody: { model, input: inputs } });
    expect(answer).toMatchObject({ object: "list", model, usage: { isByok: false } });
    expect((answer as { data: unknown[] }).data).toHaveLength(3);
  });

  test("@openrouter/ai-sdk-provider and @langchain/openai: many at once", async () => {
    const provider = createOpenRouter({
      apiKey: served.customer.key,
      baseURL: served.baseURL,
      compatibility: "strict",
    });
    const { embeddings } = await embedMany({ model: provider.textEmbeddingModel(model), values: inputs });
    expect(embeddings[2]).toEqual(embeddings[0]);
    const langchain = new OpenAIEmbeddings({
      ...{ model, apiKey: served.customer.key, dimensions: 8, maxRetries: 0 },
      configuration: { baseURL: served.baseURL },
    });
    expect(await langchain.embedDocuments(inputs)).toHaveLength(3);
  });

  test("@tanstack/ai: embed", async () => {
    const adapter = createOpenaiEmbedding(model as "text-embedding-3-small", served.customer.key, {
      baseURL: served.baseURL,
    });
    const { embeddings } = await embed({ adapter, input: inputs });
    expect(embeddings).toHaveLength(3);
  });
});
