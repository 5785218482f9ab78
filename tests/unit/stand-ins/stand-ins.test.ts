import { spawn } from "node:child_process";
import { once } from "node:events";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStandIns } from "../../../scripts/stand-ins/start.mjs";
import { askAnthropic } from "./anthropic";
import { askGoogle } from "./google";
import { askOpenAI } from "./openai";
import { askOpenAIResponses } from "./openai-responses";
import { type Ask, type StandInClient, TOOL_NAME, TOOL_SCHEMA } from "./reply";

const CHARACTERS_PER_TOKEN = 4;

let standIns: Awaited<ReturnType<typeof startStandIns>>;
beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 0 });
});
afterAll(() => standIns.stop());

type FinishReasons = { end: string; limit: string; call: string };
const providers: { provider: "openai" | "anthropic" | "google"; client: StandInClient; finish: FinishReasons }[] = [
  { provider: "openai", client: askOpenAI, finish: { end: "stop", limit: "length", call: "tool_calls" } },
  {
    provider: "openai",
    client: askOpenAIResponses,
    finish: { end: "completed", limit: "incomplete", call: "completed" },
  },
  { provider: "anthropic", client: askAnthropic, finish: { end: "end_turn", limit: "max_tokens", call: "tool_use" } },
  { provider: "google", client: askGoogle, finish: { end: "STOP", limit: "MAX_TOKENS", call: "STOP" } },
];
const cases = providers.flatMap((each) => [false, true].map((stream) => ({ ...each, stream })));

describe.each(cases)("the stand-in: $client.name, stream: $stream", ({ provider, client, finish, stream }) => {
  const send = (ask: Omit<Ask, "stream">) => client(standIns[provider], { ...ask, stream });

  it("says what it is, with token usage that follows the lengths", async () => {
    const short = await send({ text: "Hello there" });
    expect(short.text).toContain("This is a stand-in");
    expect(short.text).toContain('You wrote: "Hello there"');
    expect(short.completionTokens).toBe(Math.ceil(short.text.length / CHARACTERS_PER_TOKEN));
    expect(short.finishReason).toBe(finish.end);
    expect(short.promptTokens).toBeGreaterThan(2);
    const long = await send({ text: "Hello there ".repeat(1000) });
    expect(long.promptTokens).toBeGreaterThan(short.promptTokens + 2900);
    if (stream) expect(short.pieces).toBeGreaterThan(5);
  });

  it("never uses more tokens than the request allows", async () => {
    const reply = await send({ text: "Hello there", maxTokens: 5 });
    expect(reply).toMatchObject({ completionTokens: 5, finishReason: finish.limit });
    expect(reply.text).toHaveLength(5 * CHARACTERS_PER_TOKEN);
  });

  it("calls the tool when asked about the weather, and talks once it has the result", async () => {
    const call = await send({ text: "What is the weather in Oslo?", withTool: true });
    expect(call.toolCall).toEqual({ name: TOOL_NAME, arguments: { city: "stand-in" } });
    expect(call.finishReason).toBe(finish.call);
    expect(call.completionTokens).toBeGreaterThan(0);
    const after = await send({ text: "What is the weather in Oslo?", withTool: true, toolResult: "sunny" });
    expect(after.toolCall).toBeUndefined();
    expect(after.text).toContain("This is a stand-in");
  });

  it("calls a tool when it has to, whatever the question", async () => {
    const reply = await send({ text: "Hello", withTool: true, toolUse: "forced" });
    expect(reply.toolCall?.name).toBe(TOOL_NAME);
  });

  it.each<Omit<Ask, "stream">>([
    { text: "Hello", withTool: true },
    { text: "What is the weather?", withTool: true, toolUse: "none" },
    { text: "What is the weather?" },
  ])("calls none for $text (tool: $withTool, choice: $toolUse)", async (ask) => {
    expect((await send(ask)).toolCall).toBeUndefined();
  });
});

it("answers with JSON of the schema that was asked for", async () => {
  const client = new OpenAI({ baseURL: standIns.openai, apiKey: "stand-in", maxRetries: 0 });
  const { choices } = await client.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "Hello" }],
    response_format: { type: "json_schema", json_schema: { name: "place", schema: TOOL_SCHEMA } },
  });
  expect(JSON.parse(choices[0]?.message.content ?? "")).toEqual({ city: "stand-in" });
});

it("thinks aloud where Anthropic is asked to, and signs it", async () => {
  const client = new Anthropic({ baseURL: standIns.anthropic, apiKey: "stand-in", maxRetries: 0 });
  const request = { model: "claude-haiku-4-5", messages: [{ role: "user" as const, content: "Hello" }] };
  const thinking = { type: "enabled" as const, budget_tokens: 1024 };
  const { content, usage } = await client.messages.create({ ...request, max_tokens: 2000, thinking });
  expect(content.map(({ type }) => type)).toEqual(["thinking", "text"]);
  expect(content[0]).toMatchObject({ signature: expect.stringMatching(/./) });
  const silent = await client.messages.create({ ...request, max_tokens: 2000 });
  expect(silent.content.map(({ type }) => type)).toEqual(["text"]);
  expect(usage.output_tokens).toBeGreaterThan(silent.usage.output_tokens);
});

it("thinks aloud where Gemini is asked to, within the limit", async () => {
  const client = new GoogleGenAI({ apiKey: "stand-in", httpOptions: { baseUrl: standIns.google } });
  const ask = async (maxOutputTokens: number) => {
    const config = { maxOutputTokens, thinkingConfig: { includeThoughts: true } };
    const answer = await client.models.generateContent({ model: "gemini-2.5-flash", contents: "Hello", config });
    expect(answer.usageMetadata?.candidatesTokenCount).toBeLessThanOrEqual(maxOutputTokens);
    return answer.candidates?.[0]?.content?.parts?.map((part) => part.thought === true);
  };
  expect(await ask(1000)).toEqual([true, false]);
  expect(await ask(20)).toEqual([true, false]);
  expect(await ask(10)).toEqual([false]);
});

it("answers the Responses API with JSON too", async () => {
  const client = new OpenAI({ baseURL: standIns.openai, apiKey: "stand-in", maxRetries: 0 });
  const { output_text } = await client.responses.create({
    model: "gpt-5.4",
    input: "Hello",
    text: { format: { type: "json_schema", name: "place", schema: TOOL_SCHEMA } },
  });
  expect(JSON.parse(output_text)).toEqual({ city: "stand-in" });
});

it("streams over time and not all at once", async () => {
  const paced = await startStandIns({ chunkDelayMs: 20 });
  const start = Date.now();
  const reply = await askOpenAI(paced.openai, { text: "Hello there", stream: true });
  await paced.stop();
  expect(Date.now() - start).toBeGreaterThan((reply.pieces - 3) * 20);
});

it("ends as a process of its own when its channel closes", async () => {
  const child = spawn(process.execPath, ["scripts/stand-ins/main.mjs"], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [urls] = await once(child, "message");
  expect((await fetch(`${urls.openai}/models`)).status).toBe(200);
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});
