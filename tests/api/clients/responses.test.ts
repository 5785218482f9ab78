import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { tool as agentTool } from "@openrouter/sdk/lib/tool.js";
import { chat, toolDefinition } from "@tanstack/ai";
import { createOpenaiChat } from "@tanstack/ai-openai";
import type OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
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

/** And the one wire format that speaks this dialect itself. */
const ALL_FORMATS = [...FORMATS, { format: "OpenAI's own", model: "openai/gpt-5.4", provider: "OpenAI" }] as const;

const HELLO = "Hello there";
const WEATHER = "What is the weather in Oslo?";
const CITY = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
const WEATHER_TOOL = { type: "function" as const, name: "get_weather", parameters: CITY, strict: false };
const Place = z.object({ city: z.string(), tags: z.array(z.enum(["cold", "warm"])), size: z.number().nullable() });

type Costly = { cost?: number };

describe.each(ALL_FORMATS)("openai on $format", ({ model }) => {
  const responses = () => served.customer.client.responses;

  test("create: an answer, its usage, and the cost that was booked", async () => {
    const answer = await responses().create({ model, input: HELLO });
    expect(answer).toMatchObject({ status: "completed", model, error: null, incomplete_details: null });
    expect(answer.output_text).toContain(HELLO);
    const row = await served.booked(answer.id);
    expect(row).toMatchObject({ outcome: "completed", output_tokens: answer.usage?.output_tokens });
    expect(row.charged).toBe(nanos((answer.usage as Costly).cost));
  });

  test("stream: the same in events, numbered one by one, with usage at the end", async () => {
    const stream = responses().stream({ model, input: HELLO });
    const numbers: number[] = [];
    let text = "";
    let done = "";
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      if (event.type === "response.output_text.delta") text += event.delta;
      if (event.type === "response.output_text.done") done = event.text;
    }
    expect(numbers).toEqual(numbers.map((_, at) => at));
    expect(text).toContain(HELLO);
    expect(done).toBe(text);
    const answer = await stream.finalResponse();
    expect(answer.output_text).toBe(text);
    const row = await served.booked(answer.id);
    expect(row.charged).toBe(nanos((answer.usage as Costly).cost));
  });

  test("parse: an object of the zod schema", async () => {
    const answer = await responses().parse({ model, input: HELLO, text: { format: zodTextFormat(Place, "place") } });
    expect(answer.output_parsed).toEqual({ city: "stand-in", tags: ["cold"], size: 1 });
  });

  test.each([false, true])("a tool loop, with all that came back sent on (stream: %s)", async (stream) => {
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: "user", content: WEATHER }];
    const ask = async () => {
      const body = { model, input, tools: [WEATHER_TOOL], include: ["reasoning.encrypted_content" as const] };
      return stream ? responses().stream(body).finalResponse() : responses().create(body);
    };
    const first = await ask();
    const call = first.output.find(
      (item) => item.type === "function_call",
    ) as OpenAI.Responses.ResponseFunctionToolCall;
    expect(call).toMatchObject({ name: "get_weather", status: "completed" });
    expect(JSON.parse(call.arguments)).toEqual({ city: "stand-in" });
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]));
    input.push({ type: "function_call_output", call_id: call.call_id, output: '{"celsius":-3}' });
    const second = await ask();
    expect(second.output.map(({ type }) => type)).toContain("message");
    expect(second.output_text).toContain("stand-in");
  });

  test("what is cut off says so", async () => {
    const answer = await responses().create({ model, input: HELLO, max_output_tokens: 16 });
    expect(answer).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  });
});

test("openai: what is not stored here is refused by name, and costs nothing", async () => {
  const asked = served.customer.client.responses.create({ model: "openai/gpt-4o-mini", input: HELLO, store: true });
  await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining("store") });
});

describe.each(ALL_FORMATS)("@openrouter/sdk on $format", ({ model }) => {
  const send = (request: object, stream: boolean) =>
    openRouterSdk(served).responses.send({ responsesRequest: { model, ...request, stream } as never });

  test("send: a whole answer that its schema takes", async () => {
    const answer = (await send({ input: HELLO }, false)) as unknown as {
      id: string;
      outputText: string;
      usage: { cost: number; isByok: boolean };
    };
    expect(answer).toMatchObject({ model, status: "completed", usage: { isByok: false } });
    expect(answer.outputText).toContain(HELLO);
    expect((await served.booked(answer.id)).charged).toBe(nanos(answer.usage.cost));
  });

  test("send: a stream of events that its schema knows", async () => {
    const events: { type: string; isUnknown?: boolean; delta?: string }[] = [];
    const stream = await send({ input: HELLO }, true);
    for await (const event of stream as unknown as AsyncIterable<(typeof events)[number]>) events.push(event);
    expect(events.filter(({ isUnknown }) => isUnknown)).toEqual([]);
    expect(events[0]?.type).toBe("response.created");
    expect(events.at(-1)?.type).toBe("response.completed");
    const text = events.map(({ type, delta }) => (type === "response.output_text.delta" ? delta : "")).join("");
    expect(text).toContain(HELLO);
  });

  test("callModel: its agent runs our function, and answers with the result", async () => {
    const asked: unknown[] = [];
    const getWeather = agentTool({
      name: "get_weather",
      description: "The weather in a city",
      inputSchema: z.object({ city: z.string() }),
      execute: async (input: { city: string }) => {
        asked.push(input);
        return { celsius: -3 };
      },
    });
    const result = openRouterSdk(served).callModel({ model, input: WEATHER, tools: [getWeather] as const });
    expect(await result.getText()).toContain("stand-in");
    expect(asked).toEqual([{ city: "stand-in" }]);
  });
});

describe.each(FORMATS)("@langchain/openai on $format", ({ model }) => {
  const chat = () =>
    new ChatOpenAI({
      ...{ model, apiKey: served.customer.key, maxRetries: 0, useResponsesApi: true, zdrEnabled: true },
      configuration: { baseURL: served.baseURL },
    });

  test("invoke and stream over the Responses API", async () => {
    expect((await chat().invoke(HELLO)).text).toContain(HELLO);
    let text = "";
    for await (const chunk of await chat().stream(HELLO)) text += chunk.text;
    expect(text).toContain(HELLO);
  });

  test("a tool call", async () => {
    const weather = langchainTool(async () => "cold", {
      ...{ name: "get_weather", description: "The weather in a city", schema: z.object({ city: z.string() }) },
    });
    const answer = await chat().bindTools([weather]).invoke(WEATHER);
    expect(answer.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "stand-in" } }]);
  });
});

describe.each(ALL_FORMATS)("@tanstack/ai on $format", ({ model }) => {
  const adapter = () => createOpenaiChat(model as "gpt-5.2", served.customer.key, { baseURL: served.baseURL });

  test("chat: text, whole and in pieces", async () => {
    const messages = [{ role: "user" as const, content: HELLO }];
    expect(await chat({ adapter: adapter(), messages, stream: false })).toContain(HELLO);
    let text = "";
    for await (const event of chat({ adapter: adapter(), messages, stream: true }))
      if (event.type === "TEXT_MESSAGE_CONTENT") text += event.delta;
    expect(text).toContain(HELLO);
  });

  test("chat: its agent runs our function, and answers with the result", async () => {
    const asked: unknown[] = [];
    const weather = toolDefinition({
      ...{ name: "get_weather", description: "The weather in a city", inputSchema: z.object({ city: z.string() }) },
    }).server(async (input) => {
      asked.push(input);
      return { celsius: -3 };
    });
    const messages = [{ role: "user" as const, content: WEATHER }];
    expect(await chat({ adapter: adapter(), messages, tools: [weather], stream: false })).toContain("stand-in");
    expect(asked).toEqual([{ city: "stand-in" }]);
  });
});
