import type OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startStandIns } from "../../../scripts/stand-ins/start.mjs";
import { openRouterSdk, streamed, whole } from "./openrouter-sdk";
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
const CITY = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
const Place = z.object({ city: z.string(), tags: z.array(z.enum(["cold", "warm"])), size: z.number().nullable() });

type Costly = { cost?: number };

describe.each(FORMATS)("openai on $format", ({ model }) => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: HELLO }];
  const completions = () => served.customer.client.chat.completions;

  test("create: an answer, its usage, and the cost that was booked", async () => {
    const answer = await completions().create({ model, messages });
    expect(answer.choices[0]?.message.content).toContain(HELLO);
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    const row = await served.booked(answer.id);
    expect(row).toMatchObject({ outcome: "completed", output_tokens: answer.usage?.completion_tokens });
    expect(row.charged).toBe(nanos((answer.usage as Costly).cost));
  });

  test("stream: the same text in pieces, with usage at the end", async () => {
    const stream = completions().stream({ model, messages });
    let pieces = 0;
    stream.on("content.delta", () => pieces++);
    const answer = await stream.finalChatCompletion();
    expect(pieces).toBeGreaterThan(3);
    expect(answer.choices[0]?.message.content).toContain(HELLO);
    const usage = await stream.totalUsage();
    const row = await served.booked(answer.id);
    expect(usage.completion_tokens).toBe(row.output_tokens);
    expect(row.charged).toBe(nanos((answer.usage as Costly).cost));
  });

  test("parse: an object of the zod schema", async () => {
    const answer = await completions().parse({ model, messages, response_format: zodResponseFormat(Place, "place") });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: "stand-in", tags: ["cold"], size: 1 });
    expect(answer.choices[0]?.message.refusal).toBeNull();
  });

  test.each([false, true])("runTools: calls our function and answers with its result (stream: %s)", async (stream) => {
    const asked: unknown[] = [];
    const tool = {
      type: "function" as const,
      function: {
        name: "get_weather",
        description: "The weather in a city",
        parse: JSON.parse,
        parameters: CITY,
        function: (input: { city: string }) => {
          asked.push(input);
          return JSON.stringify({ celsius: -3 });
        },
      },
    };
    const question = [{ role: "user" as const, content: WEATHER }];
    const runner = stream
      ? completions().runTools({ model, messages: question, tools: [tool], stream })
      : completions().runTools({ model, messages: question, tools: [tool] });
    expect(await runner.finalContent()).toContain("stand-in");
    expect(asked).toEqual([{ city: "stand-in" }]);
    expect(runner.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect((await runner.totalUsage()).completion_tokens).toBeGreaterThan(10);
  });
});

describe.each(FORMATS)("@openrouter/sdk on $format", ({ model }) => {
  const chat = () => openRouterSdk(served).chat;
  const hello = { model, messages: [{ role: "user" as const, content: HELLO }] };
  const question = { role: "user" as const, content: WEATHER };
  const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: CITY } }];

  test("send: a whole answer that its schema takes", async () => {
    const answer = await whole(chat().send({ chatRequest: { ...hello, stream: false } }));
    expect(answer).toMatchObject({ model, systemFingerprint: null, choices: [{ finishReason: "stop" }] });
    expect(answer.choices[0]?.message.content).toContain(HELLO);
    expect(answer.usage).toMatchObject({ isByok: false, promptTokensDetails: { cachedTokens: 0 } });
    expect((await served.booked(answer.id)).charged).toBe(nanos(answer.usage?.cost));
  });

  test("send: a stream of chunks that its schema takes, usage on the last", async () => {
    const chunks = await streamed(chat().send({ chatRequest: { ...hello, stream: true } }));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toContain(HELLO);
    expect(chunks.filter(({ usage }) => usage)).toEqual([chunks.at(-1)]);
    const last = chunks.at(-1);
    expect(last?.choices[0]?.finishReason).toBe("stop");
    expect((await served.booked(last?.id ?? "")).charged).toBe(nanos(last?.usage?.cost));
  });

  test("send: a tool call, and an answer to its result", async () => {
    const first = await whole(chat().send({ chatRequest: { model, messages: [question], tools, stream: false } }));
    const [choice] = first.choices;
    const [call] = choice?.message.toolCalls ?? [];
    expect(choice?.finishReason).toBe("tool_calls");
    expect(JSON.parse(call?.function.arguments ?? "")).toEqual({ city: "stand-in" });
    const messages = [
      question,
      { role: "assistant" as const, toolCalls: choice?.message.toolCalls },
      { role: "tool" as const, toolCallId: call?.id ?? "", content: '{"celsius":-3}' },
    ];
    const answer = await whole(chat().send({ chatRequest: { model, messages, tools, stream: false } }));
    expect(answer.choices[0]?.finishReason).toBe("stop");
    expect(answer.choices[0]?.message.content).toContain("stand-in");
  });

  test("send: a tool call in pieces", async () => {
    const chunks = await streamed(chat().send({ chatRequest: { model, messages: [question], tools, stream: true } }));
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.toolCalls ?? []);
    expect(pieces[0]).toMatchObject({ index: 0, type: "function", function: { name: "get_weather" } });
    const text = pieces.map((piece) => piece.function?.arguments ?? "").join("");
    expect(JSON.parse(text)).toEqual({ city: "stand-in" });
    expect(chunks.at(-1)?.choices[0]?.finishReason).toBe("tool_calls");
  });

  test("send: JSON of a schema", async () => {
    const responseFormat = { type: "json_schema" as const, jsonSchema: { name: "place", schema: CITY, strict: true } };
    const answer = await whole(chat().send({ chatRequest: { ...hello, responseFormat, stream: false } }));
    expect(JSON.parse(String(answer.choices[0]?.message.content))).toEqual({ city: "stand-in" });
  });
});
