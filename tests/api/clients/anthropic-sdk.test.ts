import Anthropic from "@anthropic-ai/sdk";
import type { MessageParam, Tool } from "@anthropic-ai/sdk/resources/messages";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../app";
import { FORMATS, nanos, type Served, serve } from "./served";
import { THINKERS } from "./thinkers";
import { ANSWER, PLEASE, THOUGHTS } from "./upstream/acts";
import { type SpeakingUpstream, startSpeakingUpstream } from "./upstream/server";
import { USAGE } from "./upstream/wire-format";

let served: Served;
let upstream: SpeakingUpstream;
let client: Anthropic;

beforeAll(async () => {
  upstream = await startSpeakingUpstream();
  served = await serve(upstream);
  const groq = ["--slug", "groq", "--name", "Groq", "--kind", "openai"];
  await served.app.admin("provider", "add", ...groq, "--base-url", upstream.openai, "--api-key", "stand-in");
  client = new Anthropic({ apiKey: served.customer.key, baseURL: `${served.app.url}/api`, maxRetries: 0 });
  const body = { model: "openai/gpt-oss-20b", max_tokens: 100, messages: [question] };
  // The running server sees it within five seconds.
  const opened = await eventually(
    () => client.messages.create(body).catch(() => undefined),
    (answer) => answer !== undefined,
  );
  expect(opened?.type).toBe("message");
});

afterAll(async () => {
  await served?.close();
  await upstream?.stop();
});

const max_tokens = 3_000;
const question: MessageParam = { role: "user", content: PLEASE.think };
const tools: Tool[] = [
  {
    name: "get_weather",
    description: "The weather in a city",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];
const thinking = { type: "enabled" as const, budget_tokens: 2_000 };
const RESULT = '{"celsius":-3}';
/** What OpenRouter adds to the usage. */
type Costly = { cost?: number };

const asking = (model: string, content: MessageParam["content"]) => ({
  ...{ model, max_tokens },
  messages: [{ role: "user" as const, content }],
});

const resultOf = (answer: Anthropic.Message): MessageParam => ({
  role: "user",
  content: answer.content.flatMap((block) =>
    block.type === "tool_use"
      ? [{ type: "tool_result" as const, tool_use_id: block.id, content: [{ type: "text" as const, text: RESULT }] }]
      : [],
  ),
});

describe.each(FORMATS)("@anthropic-ai/sdk on $format", ({ format, model, provider }) => {
  test("create: an answer, its usage, and the cost that was booked", async () => {
    const answer = await client.messages.create(asking(model, "Hello"));
    expect(answer).toMatchObject({ type: "message", role: "assistant", model, provider, stop_reason: "end_turn" });
    expect(answer.content).toMatchObject([{ type: "text", text: ANSWER }]);
    expect(answer.usage).toMatchObject({ input_tokens: USAGE.prompt, output_tokens: USAGE.completion });
    expect(answer._request_id).toBe(answer.id);
    const row = await served.booked(answer.id);
    expect(row).toMatchObject({ outcome: "completed", output_tokens: USAGE.completion });
    expect(row.charged).toBe(nanos((answer.usage as Costly).cost));
  });

  test("stream: the same text in events, with usage at the end", async () => {
    const stream = client.messages.stream(asking(model, "Hello"));
    const kinds: string[] = [];
    let cost: number | undefined;
    stream.on("streamEvent", (event) => {
      kinds.push(event.type);
      // The message that the client puts together has Anthropic's fields alone.
      if (event.type === "message_delta") cost = (event.usage as Costly).cost;
    });
    const answer = await stream.finalMessage();
    expect(kinds[0]).toBe("message_start");
    expect(kinds.slice(-2)).toEqual(["message_delta", "message_stop"]);
    expect(answer.content).toMatchObject([{ type: "text", text: ANSWER }]);
    expect(answer).toMatchObject({ model, stop_reason: "end_turn", usage: { output_tokens: USAGE.completion } });
    expect((await served.booked(answer.id)).charged).toBe(nanos(cost));
  });

  test.each([false, true])(
    "toolRunner: calls our function and answers with its result (stream: %s)",
    async (stream) => {
      const asked: unknown[] = [];
      const [definition] = tools as [Tool];
      const get_weather = {
        ...definition,
        run: async (input: unknown) => {
          asked.push(input);
          return RESULT;
        },
        parse: (input: unknown) => input,
      };
      const runner = client.beta.messages.toolRunner({ ...asking(model, PLEASE.think), tools: [get_weather], stream });
      const answer = await runner.runUntilDone();
      expect(asked).toEqual([{ city: "Oslo" }]);
      expect(answer.content).toMatchObject([{ type: "text", text: ANSWER }]);
    },
  );

  test("pictures, in what is asked and in what a tool brought", async () => {
    const picture = {
      type: "image" as const,
      source: { type: "base64" as const, media_type: "image/png" as const, data: "iVBORw0KGgo=" },
    };
    const call = { type: "tool_use" as const, id: "toolu_9", name: "get_weather", input: { city: "Oslo" } };
    const result = { type: "tool_result" as const, tool_use_id: "toolu_9", content: [picture] };
    const answer = await client.messages.create({
      ...{ model, max_tokens, tools },
      messages: [
        { role: "user", content: [picture, { type: "text", text: PLEASE.think }] },
        { role: "assistant", content: [call] },
        { role: "user", content: [result, { type: "text", text: "And now?" }] },
      ],
    });
    expect(answer.content).toMatchObject([{ type: "text", text: ANSWER }]);
    expect(JSON.stringify(upstream.requests.at(-1)).split("iVBORw0KGgo=").length - 1).toBe(2);
  });

  test("a refusal and a rate limit, whether a stream was asked for or not", async () => {
    for (const stream of [false, true]) {
      const refused = await client.messages.create({ ...asking(model, PLEASE.refuse), stream }).catch((error) => error);
      expect(refused).toBeInstanceOf(Anthropic.BadRequestError);
      expect(refused).toMatchObject({ status: 400, type: "invalid_request_error" });
      expect(refused.error.error.message).toContain("As you asked.");
      const slowed = await client.messages
        .create({ ...asking(model, PLEASE.throttle), stream })
        .catch((error) => error);
      expect(slowed).toBeInstanceOf(Anthropic.RateLimitError);
      expect(slowed).toMatchObject({ status: 429, type: "rate_limit_error" });
      expect(slowed.error.request_id).toMatch(/^gen-/);
      expect(slowed.headers.get("retry-after")).toBe("7");
    }
  });

  test.each([PLEASE.break, PLEASE.hangUp])(
    "a failure in the middle is thrown after the words that came: %s",
    async (prompt) => {
      const stream = await client.messages.create({ ...asking(model, prompt), stream: true });
      let text = "";
      let id = "";
      const read = async () => {
        for await (const event of stream) {
          if (event.type === "message_start") id = event.message.id;
          if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
        }
      };
      const error = await read().catch((error) => error);
      expect(error).toBeInstanceOf(Anthropic.APIError);
      expect(["api_error", "overloaded_error"]).toContain(error.type);
      expect(text).toBe("A beginning");
      expect(await served.booked(id)).toMatchObject({ outcome: "failed", charged: null });
    },
  );

  // Google charges for all of an answer whoever leaves, so that one is read to its end.
  test.skipIf(format === "Gemini")(
    "abort: the upstream's stream ends with ours, and what came by then is charged",
    async () => {
      const before = upstream.abandoned();
      const stream = client.messages.stream(asking(model, PLEASE.goOn));
      let words = 0;
      let id = "";
      stream.on("streamEvent", (event) => {
        if (event.type === "message_start") id = event.message.id;
        if (event.type === "content_block_delta" && ++words === 3) stream.abort();
      });
      await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
      const left = await eventually(
        async () => upstream.abandoned(),
        (count) => count > before,
      );
      expect(left).toBe(before + 1);
      const row = await served.booked(id);
      expect(row.outcome).toBe("cancelled");
      expect(Number(row.charged)).toBeGreaterThan(0);
    },
  );

  test("countTokens: more for more", async () => {
    const { input_tokens: few } = await client.messages.countTokens({ model, messages: [question] });
    const many = await client.messages.countTokens({
      model,
      messages: [question],
      tools,
      system: "Be brief. ".repeat(99),
    });
    expect(many.input_tokens).toBeGreaterThan(few + 200);
  });
});

describe.each(THINKERS)("@anthropic-ai/sdk: thoughts of $format", ({ model, signed, thoughtIn }) => {
  test.each([false, true])("shown, and taken back by the upstream as it signed them (stream: %s)", async (stream) => {
    const ask = async (messages: MessageParam[]) => {
      const body = { model, max_tokens, messages, tools, thinking };
      return stream ? client.messages.stream(body).finalMessage() : client.messages.create(body);
    };
    const first = await ask([question]);
    expect(first.content.filter(({ type }) => type !== "redacted_thinking")).toMatchObject([
      { type: "thinking", thinking: THOUGHTS.call },
      { type: "tool_use", name: "get_weather", input: { city: "Oslo" } },
    ]);
    expect(first.stop_reason).toBe("tool_use");
    expect(first.usage.output_tokens_details).toEqual({ thinking_tokens: USAGE.reasoning });
    const second = await ask([question, { role: "assistant", content: first.content }, resultOf(first)]);
    expect(second.content.filter(({ type }) => type !== "redacted_thinking")).toMatchObject([
      { type: "thinking", thinking: THOUGHTS.answer },
      { type: "text", text: ANSWER },
    ]);
    expect(thoughtIn(upstream.requests.at(-1))).toEqual(signed);
  });
});

test("either header carries the key, and errors before any answer are Anthropic's too", async () => {
  const url = `${served.app.url}/api/v1/messages`;
  const body = JSON.stringify(asking(FORMATS[0].model, "Hello"));
  const post = (headers: Record<string, string>, method = "POST") =>
    fetch(url, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(method === "POST" && { body }),
    });
  const { key } = served.customer;
  expect((await post({ "x-api-key": key, "anthropic-version": "2023-06-01" })).status).toBe(200);
  expect((await post({ authorization: `Bearer ${key}` })).status).toBe(200);
  for (const [answer, status, type] of [
    [await post({}), 401, "authentication_error"],
    [await post({ "x-api-key": key, "content-encoding": "gzip" }), 415, "invalid_request_error"],
    [await post({ "x-api-key": key }, "GET"), 405, "invalid_request_error"],
  ] as const) {
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ type: "error", error: { type }, request_id: null });
  }
});
