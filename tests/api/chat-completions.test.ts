import type OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStandIns } from "../../scripts/stand-ins/start.mjs";
import { type App, type Customer, eventually, startApp } from "../app";

let app: App;
let standIns: Awaited<ReturnType<typeof startStandIns>>;
let customer: Customer;

beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 2 });
  app = await startApp({
    env: {
      OPENAI_API_KEY: "stand-in",
      OPENAI_BASE_URL: standIns.openai,
      ANTHROPIC_API_KEY: "stand-in",
      ANTHROPIC_BASE_URL: standIns.anthropic,
      GOOGLE_API_KEY: "stand-in",
      GOOGLE_GEMINI_BASE_URL: standIns.google,
    },
  });
  customer = await app.customer("100");
});

afterAll(async () => {
  expect(await app.admin("money", "check")).toMatchObject({ ok: true });
  await app.stop();
  await standIns.stop();
});

/** What the ledger took and what the log says, once both are written; nano-USD. */
const booked = (id: string) =>
  eventually(
    async () => {
      const [row] = await app.sql`
        select g.cost_nano as logged, -l.amount_nano as charged, g.input_tokens, g.output_tokens, g.provider_slug, g.outcome, g.usage_source
          from generations g left join ledger l on l.source = 'generation' and l.source_id = g.id where g.id = ${id}`;
      return row;
    },
    (row) => row !== undefined,
  );

const nanos = (dollars: number | undefined) => Math.round((dollars ?? Number.NaN) * 1e9).toString();

type WithCost = { cost?: number };

const served = [
  { model: "openai/gpt-4o-mini", provider: "OpenAI", slug: "openai" },
  // Through the Responses API, as OpenAI's reasoning models are.
  { model: "openai/o4-mini", provider: "OpenAI", slug: "openai" },
  { model: "anthropic/claude-sonnet-4.5", provider: "Anthropic", slug: "anthropic" },
  { model: "google/gemini-2.5-flash", provider: "Google AI Studio", slug: "google-ai-studio" },
];

describe.each(served)("$model", ({ model, provider, slug }) => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: "You are brief." },
    { role: "developer", content: "You are kind." },
    { role: "user", content: "What is the answer?" },
    { role: "assistant", content: "Forty-two." },
    { role: "user", content: "Why forty-two?" },
  ];

  test("answers whole, with a cost that the ledger and the log agree on to the nano-dollar", async () => {
    const answer = await customer.client.chat.completions.create({
      model,
      messages,
      temperature: 0.5,
      stop: ["END"],
      max_tokens: 200,
    });
    expect(answer).toMatchObject({ object: "chat.completion", model, provider, system_fingerprint: null });
    expect(answer.id).toMatch(/^gen-\d{10}-[A-Za-z0-9]{20}$/);
    expect(answer.choices).toHaveLength(1);
    expect(answer.choices[0]).toMatchObject({ index: 0, finish_reason: "stop", message: { role: "assistant" } });
    expect(answer.choices[0]?.message.content).toMatch(/stand-in/i);
    const { usage } = answer;
    expect(usage?.prompt_tokens).toBeGreaterThan(0);
    expect(usage?.completion_tokens).toBeGreaterThan(0);
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    const row = await booked(answer.id);
    expect(row).toMatchObject({ provider_slug: slug, outcome: "completed", usage_source: "provider" });
    expect(row?.charged).toBe(nanos((usage as WithCost).cost));
    expect(row?.logged).toBe(row?.charged);
  });

  test("streams the same, chunk by chunk, with usage on the last chunk and [DONE] after it", async () => {
    const response = await fetch(`${app.url}/api/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${customer.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, messages, stream: true }),
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const id = response.headers.get("x-generation-id");
    const events = (await response.text()).trim().split("\n\n");
    expect(events.every((event) => event.startsWith("data: "))).toBe(true);
    expect(events.at(-1)).toBe("data: [DONE]");
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)));
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ id, object: "chat.completion.chunk", model, provider, created: chunks[0].created });
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.choices[0]).toHaveProperty("finish_reason");
      expect(chunk).not.toHaveProperty("system_fingerprint", null);
    }
    expect(chunks.filter((chunk) => "usage" in chunk)).toEqual([chunks.at(-1)]);
    expect(chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("")).toMatch(/stand-in/i);
    expect(chunks.at(-2).choices[0].finish_reason).toBe("stop");
    const { usage } = chunks.at(-1);
    const row = await booked(id ?? "");
    expect(row?.charged).toBe(nanos(usage.cost));
    expect(row?.logged).toBe(row?.charged);
    expect(usage.cost).toBeGreaterThan(0);
  });

  const tools: OpenAI.ChatCompletionTool[] = [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather in a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ];

  test.each([false, true])("calls a tool and takes its result back (stream: %s)", async (stream) => {
    const question: OpenAI.ChatCompletionMessageParam = { role: "user", content: "What is the weather in Oslo?" };
    const first = await customer.client.chat.completions
      .stream({ model, messages: [question], tools, ...(stream ? {} : {}) })
      .finalChatCompletion();
    const whole = stream
      ? first
      : await customer.client.chat.completions.create({ model, messages: [question], tools });
    const choice = whole.choices[0];
    expect(choice?.finish_reason).toBe("tool_calls");
    const [call] = choice?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } });
    expect(call?.id).toBeTruthy();
    expect(call?.type === "function" && JSON.parse(call.function.arguments)).toBeTypeOf("object");

    const second = await customer.client.chat.completions.create({
      model,
      tools,
      messages: [
        question,
        { role: "assistant", content: null, tool_calls: choice?.message.tool_calls },
        { role: "tool", tool_call_id: call?.id ?? "", content: '{"celsius": -3}' },
      ],
    });
    expect(second.choices[0]?.finish_reason).toBe("stop");
    expect(second.choices[0]?.message.content).toBeTruthy();
  });
});

test("a cap smaller than the upstream takes is held for as what the upstream is told", async () => {
  const heldFor = async (max_completion_tokens: number) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Hello" }];
    const { id } = await customer.client.chat.completions.create({
      model: "openai/o4-mini",
      messages,
      max_completion_tokens,
    });
    return (await app.sql`select amount_nano from holds where id = ${id}`)[0]?.amount_nano;
  };
  expect(await heldFor(1)).toBe(await heldFor(16));
  expect(await heldFor(17)).not.toBe(await heldFor(16));
});

test("an alias answers as the model it stands for", async () => {
  const answer = await customer.client.chat.completions.create({
    model: "anthropic/claude-3-5-sonnet",
    messages: [{ role: "user", content: "Hello" }],
  });
  expect(answer.model).toMatch(/^anthropic\/claude-sonnet-/);
});

test("a request line in the log names key, model, provider, tokens and cost, and no secret", async () => {
  const answer = await customer.client.chat.completions.create({
    model: "openai/gpt-4o-mini",
    messages: [{ role: "user", content: "a very private question" }],
  });
  const text = await eventually(
    async () => app.output(),
    (output) => output.includes(answer.id),
  );
  const line = text.split("\n").find((candidate) => candidate.includes(answer.id));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    generation: answer.id,
    model: "openai/gpt-4o-mini",
    provider: "openai",
    outcome: "completed",
    input: answer.usage?.prompt_tokens,
    output: answer.usage?.completion_tokens,
  });
  expect(app.output()).not.toContain(customer.key);
  expect(app.output()).not.toContain("a very private question");
});
