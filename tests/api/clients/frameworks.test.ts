import type { AIMessageChunk } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { ChatOpenRouter } from "@langchain/openrouter";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { generateObject, generateText, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startStandIns } from "../../../scripts/stand-ins/start.mjs";
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
const WEATHER = "What is the weather in Oslo?";
const Place = z.object({ city: z.string(), tags: z.array(z.enum(["cold", "warm"])) });
const PLACE = { city: "stand-in", tags: ["cold"] };

describe.each(FORMATS)("@openrouter/ai-sdk-provider on $format", ({ model: slug, provider }) => {
  const model = () =>
    createOpenRouter({ apiKey: served.customer.key, baseURL: served.baseURL, compatibility: "strict" })(slug);
  const weather = (asked: unknown[]) => ({
    get_weather: tool({
      description: "The weather in a city",
      inputSchema: z.object({ city: z.string() }),
      execute: async (input) => {
        asked.push(input);
        return { celsius: -3 };
      },
    }),
  });

  /** What the provider keeps of our usage, checked against the ledger. */
  async function checkMetadata(id: string, metadata: unknown) {
    const { openrouter } = metadata as { openrouter: { provider: string; usage: Record<string, unknown> } };
    expect(openrouter.provider).toBe(provider);
    const row = await served.booked(id);
    expect(openrouter.usage).toMatchObject({
      completionTokens: row.output_tokens,
      promptTokensDetails: { cachedTokens: 0 },
    });
    expect(row.charged).toBe(nanos(openrouter.usage.cost as number));
  }

  test("generateText: text, usage, and what it cost", async () => {
    const { text, finishReason, usage, response, providerMetadata } = await generateText({
      model: model(),
      prompt: HELLO,
    });
    expect(text).toContain(HELLO);
    expect(finishReason).toBe("stop");
    expect(usage.outputTokens).toBeGreaterThan(0);
    await checkMetadata(response.id, providerMetadata);
  });

  test("streamText: text in pieces, usage, and what it cost", async () => {
    const result = streamText({ model: model(), prompt: HELLO });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toContain(HELLO);
    expect(await result.finishReason).toBe("stop");
    expect((await result.usage).outputTokens).toBeGreaterThan(0);
    await checkMetadata((await result.response).id, await result.providerMetadata);
  });

  test("generateText: a tool loop", async () => {
    const asked: unknown[] = [];
    const { text, steps } = await generateText({
      model: model(),
      prompt: WEATHER,
      tools: weather(asked),
      stopWhen: stepCountIs(3),
    });
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(asked).toEqual([{ city: "stand-in" }]);
    expect(text).toContain("stand-in");
  });

  test("streamText: a tool loop", async () => {
    const asked: unknown[] = [];
    const result = streamText({ model: model(), prompt: WEATHER, tools: weather(asked), stopWhen: stepCountIs(3) });
    const parts: string[] = [];
    for await (const part of result.fullStream) parts.push(part.type);
    expect(parts).not.toContain("error");
    expect(parts.filter((type) => type === "tool-call" || type === "tool-result")).toEqual([
      "tool-call",
      "tool-result",
    ]);
    expect(asked).toEqual([{ city: "stand-in" }]);
    expect((await result.steps).map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(await result.text).toContain("stand-in");
  });

  test("generateObject: an object of the zod schema", async () => {
    const { object, usage } = await generateObject({ model: model(), schema: Place, prompt: HELLO });
    expect(object).toEqual(PLACE);
    expect(usage.outputTokens).toBeGreaterThan(0);
  });
});

const LANGCHAIN = [
  {
    name: "@langchain/openai",
    make: (model: string) =>
      new ChatOpenAI({ model, apiKey: served.customer.key, configuration: { baseURL: served.baseURL }, maxRetries: 0 }),
  },
  {
    name: "@langchain/openrouter",
    make: (model: string) =>
      new ChatOpenRouter({ model, apiKey: served.customer.key, baseURL: served.baseURL, maxRetries: 0 }),
  },
];
const cases = LANGCHAIN.flatMap((client) => FORMATS.map((format) => ({ ...client, ...format })));

describe.each(cases)("$name on $format", ({ make, model }) => {
  const weather = (asked: unknown[]) =>
    langchainTool(
      (input: { city: string }) => {
        asked.push(input);
        return '{"celsius": -3}';
      },
      { name: "get_weather", description: "The weather in a city", schema: z.object({ city: z.string() }) },
    );

  test("invoke: text and usage", async () => {
    const message = await make(model).invoke(HELLO);
    expect(message.text).toContain(HELLO);
    expect(message.usage_metadata?.output_tokens).toBeGreaterThan(0);
    expect(message.response_metadata).toMatchObject({ finish_reason: "stop", model_name: model });
  });

  test("stream: text in pieces, and usage once", async () => {
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await make(model).stream(HELLO)) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(3);
    const whole = chunks.reduce((message, chunk) => message.concat(chunk));
    expect(whole.text).toContain(HELLO);
    expect(chunks.filter(({ usage_metadata }) => usage_metadata)).toHaveLength(1);
    const row = await served.booked(String(whole.id));
    expect(whole.usage_metadata?.output_tokens).toBe(row.output_tokens);
  });

  test.each(["invoke", "stream"] as const)(
    "bindTools: a call of our function, by %s, and an answer to its result",
    async (way) => {
      const asked: unknown[] = [];
      const get_weather = weather(asked);
      const bound = make(model).bindTools([get_weather]);
      const question = { role: "user" as const, content: WEATHER };
      let message: AIMessageChunk | undefined;
      if (way === "invoke") message = (await bound.invoke([question])) as AIMessageChunk;
      else for await (const chunk of await bound.stream([question])) message = message ? message.concat(chunk) : chunk;
      const [call] = message?.tool_calls ?? [];
      expect(call).toMatchObject({ name: "get_weather", args: { city: "stand-in" } });
      if (!message || !call) return;
      const result = await get_weather.invoke({ ...call, type: "tool_call" });
      expect(asked).toEqual([{ city: "stand-in" }]);
      const answer = await bound.invoke([question, message, result]);
      expect(answer.text).toContain("stand-in");
      expect(answer.tool_calls).toEqual([]);
    },
  );

  test("withStructuredOutput: an object of the zod schema", async () => {
    expect(await make(model).withStructuredOutput(Place).invoke(HELLO)).toEqual(PLACE);
  });
});
