import type { AIMessageChunk } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { ChatOpenRouter } from "@langchain/openrouter";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { APICallError, generateText, stepCountIs, streamText, tool } from "ai";
import type OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../app";
import { openRouterSdk, streamed, whole } from "./openrouter-sdk";
import { FORMATS, type Served, serve } from "./served";
import { THINKERS } from "./thinkers";
import { ANSWER, PLEASE, THOUGHTS } from "./upstream/acts";
import { type SpeakingUpstream, startSpeakingUpstream } from "./upstream/server";
import { USAGE } from "./upstream/wire-format";

let served: Served;
let upstream: SpeakingUpstream;

beforeAll(async () => {
  upstream = await startSpeakingUpstream();
  served = await serve(upstream);
  const groq = ["--slug", "groq", "--name", "Groq", "--kind", "openai"];
  await served.app.admin("provider", "add", ...groq, "--base-url", upstream.openai, "--api-key", "stand-in");
  // The running server sees it within five seconds.
  const opened = await eventually(open, (answer) => answer.ok);
  expect(opened.status).toBe(200);
});

afterAll(async () => {
  await served?.close();
  await upstream?.stop();
});

const open = () =>
  fetch(`${served.baseURL}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${served.customer.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "openai/gpt-oss-20b", messages: [{ role: "user", content: "Hello" }] }),
  });

const aiSdk = (model: string) =>
  createOpenRouter({ apiKey: served.customer.key, baseURL: served.baseURL, compatibility: "strict" })(model);
const langchain = (model: string, modelKwargs: Record<string, unknown> = {}) =>
  new ChatOpenRouter({ model, apiKey: served.customer.key, baseURL: served.baseURL, maxRetries: 0, modelKwargs });

const CITY = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
const question = { role: "user" as const, content: PLEASE.think };
const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: CITY } }];
const RESULT = '{"celsius":-3}';
const reasoning = { effort: "medium" as const };

/** What OpenRouter adds to a message, and the `openai` client hands through. */
type Thinking = { reasoning?: string | null; reasoning_details?: unknown[] };

describe.each(THINKERS)("thoughts of $format", ({ model, signed, thoughtIn }) => {
  const usage = {
    completion_tokens: USAGE.completion,
    completion_tokens_details: { reasoning_tokens: USAGE.reasoning },
  };

  test("openai: whole, and taken back by the upstream", async () => {
    const { completions } = served.customer.client.chat;
    const first = await completions.create({ model, messages: [question], tools, ...{ reasoning } });
    const message = first.choices[0]?.message as OpenAI.ChatCompletionMessage & Thinking;
    expect(message.reasoning).toBe(THOUGHTS.call);
    expect(first.usage).toMatchObject(usage);
    const row = await served.booked(first.id);
    expect(row).toMatchObject({ reasoning_tokens: USAGE.reasoning, usage_source: "provider" });
    const result = { role: "tool" as const, tool_call_id: message.tool_calls?.[0]?.id ?? "", content: RESULT };
    const second = await completions.create({ model, messages: [question, message, result], tools, ...{ reasoning } });
    expect(second.choices[0]?.message).toMatchObject({ content: ANSWER, reasoning: THOUGHTS.answer });
    expect(thoughtIn(upstream.requests.at(-1))).toEqual(signed);
  });

  test("openai: in a stream", async () => {
    const stream = await served.customer.client.chat.completions.create({
      ...{ model, messages: [question], stream: true, reasoning },
    });
    let thought = "";
    let text = "";
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta as OpenAI.ChatCompletionChunk.Choice.Delta & Thinking;
      if (delta.reasoning) expect(text).toBe("");
      thought += delta.reasoning ?? "";
      text += delta.content ?? "";
      last = chunk;
    }
    expect({ thought, text }).toEqual({ thought: THOUGHTS.answer, text: ANSWER });
    expect(last?.usage).toMatchObject(usage);
  });

  test("@openrouter/sdk: whole and in a stream, and taken back by the upstream", async () => {
    const chatRequest = { model, messages: [question], tools, reasoning };
    const { chat } = openRouterSdk(served);
    const first = await whole(chat.send({ chatRequest: { ...chatRequest, stream: false } }));
    const message = first.choices[0]?.message;
    expect(message?.reasoning).toBe(THOUGHTS.call);
    expect(first.usage?.completionTokensDetails?.reasoningTokens).toBe(USAGE.reasoning);
    const result = { role: "tool" as const, toolCallId: message?.toolCalls?.[0]?.id ?? "", content: RESULT };
    const messages = [question, { ...message, role: "assistant" as const }, result];
    const chunks = await streamed(chat.send({ chatRequest: { ...chatRequest, messages, stream: true } }));
    const deltas = chunks.map((chunk) => chunk.choices[0]?.delta);
    expect(deltas.map((delta) => delta?.reasoning ?? "").join("")).toBe(THOUGHTS.answer);
    expect(deltas.map((delta) => delta?.content ?? "").join("")).toBe(ANSWER);
    expect(thoughtIn(upstream.requests.at(-1))).toEqual(signed);
  });

  const get_weather = tool({ inputSchema: z.object({ city: z.string() }), execute: async () => ({ celsius: -3 }) });
  const loop = { prompt: PLEASE.think, tools: { get_weather }, stopWhen: stepCountIs(3) };

  test("AI SDK: generateText, and taken back by the upstream in its tool loop", async () => {
    const providerOptions = { openrouter: { reasoning } };
    const { steps, text, providerMetadata } = await generateText({ model: aiSdk(model), ...loop, providerOptions });
    expect(steps.map(({ reasoningText }) => reasoningText)).toEqual([THOUGHTS.call, THOUGHTS.answer]);
    expect(text).toBe(ANSWER);
    expect(thoughtIn(upstream.requests.at(-1))).toEqual(signed);
    const details = { completionTokensDetails: { reasoningTokens: USAGE.reasoning } };
    expect(providerMetadata?.openrouter?.usage).toMatchObject(details);
    expect(steps[1]?.usage.outputTokenDetails.reasoningTokens).toBe(USAGE.reasoning);
  });

  test("AI SDK: streamText, and taken back by the upstream in its tool loop", async () => {
    const providerOptions = { openrouter: { reasoning: { max_tokens: 2_000 } } };
    const result = streamText({ model: aiSdk(model), ...loop, providerOptions });
    const steps = await result.steps;
    expect(steps.map(({ reasoningText }) => reasoningText)).toEqual([THOUGHTS.call, THOUGHTS.answer]);
    expect(await result.text).toBe(ANSWER);
    expect(thoughtIn(upstream.requests.at(-1))).toEqual(signed);
  });

  test("@langchain/openrouter: whole and in a stream; it brings none back, and is answered all the same", async () => {
    const thinker = langchain(model, { reasoning }).bindTools(tools);
    const first = await thinker.invoke([question]);
    expect(first.additional_kwargs.reasoning_content).toBe(THOUGHTS.call);
    expect(first.usage_metadata?.output_token_details?.reasoning).toBe(USAGE.reasoning);
    const result = { role: "tool" as const, tool_call_id: first.tool_calls?.[0]?.id ?? "", content: RESULT };
    expect((await thinker.invoke([question, first, result])).text).toBe(ANSWER);
    let message: AIMessageChunk | undefined;
    for await (const chunk of await thinker.stream([question])) message = message ? message.concat(chunk) : chunk;
    expect(message?.additional_kwargs.reasoning_content).toBe(THOUGHTS.call);
    expect(message?.tool_calls?.[0]).toMatchObject({ name: "get_weather", args: { city: "Oslo" } });
  });
});

describe.each(FORMATS)("a failure of $format", ({ model, provider }) => {
  const asking = (content: string) => ({ model, messages: [{ role: "user" as const, content }] });

  test("before the answer, whether a stream was asked for or not: openai", async () => {
    for (const stream of [false, true]) {
      const { completions } = served.customer.client.chat;
      const refused = completions.create({ ...asking(PLEASE.refuse), stream });
      await expect(refused).rejects.toMatchObject({ name: "Error", status: 400, code: 400 });
      await expect(refused).rejects.toThrow(`${provider} refused the request (400): As you asked.`);
      const throttled = completions.create({ ...asking(PLEASE.throttle), stream });
      await expect(throttled).rejects.toMatchObject({ status: 429 });
      expect((await throttled.catch((error) => error.headers)).get("retry-after")).toBe("7");
    }
  });

  test("before the answer: @openrouter/sdk", async () => {
    const { chat } = openRouterSdk(served);
    for (const stream of [false, true]) {
      const refused = await chat.send({ chatRequest: { ...asking(PLEASE.refuse), stream } }).catch((error) => error);
      expect(refused).toMatchObject({ name: "BadRequestResponseError", statusCode: 400 });
      expect(refused.error).toMatchObject({ code: 400, metadata: { error_type: "invalid_request" } });
      const throttled = await chat
        .send({ chatRequest: { ...asking(PLEASE.throttle), stream } })
        .catch((error) => error);
      expect(throttled).toMatchObject({ name: "TooManyRequestsResponseError", statusCode: 429 });
    }
  });

  test("before the answer: AI SDK", async () => {
    const refused = await generateText({ model: aiSdk(model), prompt: PLEASE.refuse }).catch((error) => error);
    expect(APICallError.isInstance(refused)).toBe(true);
    expect(refused).toMatchObject({ statusCode: 400, isRetryable: false });
    expect(refused.message).toContain("As you asked.");
    const throttled = generateText({ model: aiSdk(model), prompt: PLEASE.throttle, maxRetries: 0 });
    await expect(throttled).rejects.toMatchObject({ statusCode: 429, isRetryable: true });
  });

  test("before the answer: LangChain", async () => {
    const refused = langchain(model).invoke(PLEASE.refuse);
    await expect(refused).rejects.toMatchObject({ name: "OpenRouterError", statusCode: 400 });
    const throttled = langchain(model).invoke(PLEASE.throttle);
    await expect(throttled).rejects.toMatchObject({ name: "OpenRouterRateLimitError", statusCode: 429 });
    const configuration = { baseURL: served.baseURL };
    const openai = new ChatOpenAI({ model, apiKey: served.customer.key, configuration, maxRetries: 0 });
    await expect(openai.invoke(PLEASE.refuse)).rejects.toMatchObject({ status: 400 });
  });

  describe.each([PLEASE.break, PLEASE.hangUp])("in the middle: %s", (prompt) => {
    test("openai: throws it after the words that came", async () => {
      const stream = await served.customer.client.chat.completions.create({ ...asking(prompt), stream: true });
      let text = "";
      let id = "";
      const read = async () => {
        for await (const chunk of stream) {
          id = chunk.id;
          text += chunk.choices[0]?.delta.content ?? "";
        }
      };
      await expect(read()).rejects.toThrow(provider);
      expect(text).toBe("A beginning");
      expect(await served.booked(id)).toMatchObject({ outcome: "failed", charged: null });
    });

    test("@openrouter/sdk: yields it as a chunk", async () => {
      const chunks = await streamed(
        openRouterSdk(served).chat.send({ chatRequest: { ...asking(prompt), stream: true } }),
      );
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("A beginning");
      const last = chunks.at(-1);
      expect(last?.error?.code).toBeTypeOf("number");
      expect(last?.error?.metadata?.errorType).toMatch(/^provider_(unavailable|overloaded)$/);
      expect(last?.choices[0]?.finishReason).toBe("error");
    });

    test("@langchain/openai: throws it", async () => {
      const configuration = { baseURL: served.baseURL };
      const client = new ChatOpenAI({ model, apiKey: served.customer.key, configuration, maxRetries: 0 });
      let text = "";
      const read = async () => {
        for await (const chunk of await client.stream(prompt)) text += chunk.text;
      };
      await expect(read()).rejects.toThrow(provider);
      expect(text).toBe("A beginning");
    });

    test("AI SDK: an error among its parts", async () => {
      const result = streamText({ model: aiSdk(model), prompt, onError: () => {} });
      const parts = [];
      for await (const part of result.fullStream) parts.push(part);
      expect(parts.find((part) => part.type === "error")?.error).toMatchObject({
        message: expect.stringContaining(provider),
      });
      expect(parts.map((part) => (part.type === "text-delta" ? part.text : "")).join("")).toBe("A beginning");
    });
  });
});

// Google would bill on, and is heard to its end instead.
const endedByHangUp = FORMATS.filter(({ model }) => !model.startsWith("google/"));

describe.each(endedByHangUp)("a caller who hangs up on $format", ({ model }) => {
  /** The upstream's stream ended with the caller's, and what came by then was charged. */
  async function checkCancelled(id: string, abandoned: number) {
    expect(
      await eventually(
        async () => upstream.abandoned(),
        (count) => count > abandoned,
      ),
    ).toBe(abandoned + 1);
    const row = await served.booked(id);
    expect(row.outcome).toBe("cancelled");
    expect(row.output_tokens).toBeGreaterThanOrEqual(3);
    expect(Number(row.charged)).toBeGreaterThan(0);
  }

  test("openai", async () => {
    const before = upstream.abandoned();
    const messages = [{ role: "user" as const, content: PLEASE.goOn }];
    const stream = await served.customer.client.chat.completions.create({ model, messages, stream: true });
    let words = 0;
    let id = "";
    for await (const chunk of stream) {
      id = chunk.id;
      if (chunk.choices[0]?.delta.content && ++words === 3) stream.controller.abort();
    }
    expect(words).toBeLessThan(10);
    await checkCancelled(id, before);
  });

  test("AI SDK", async () => {
    const before = upstream.abandoned();
    const caller = new AbortController();
    const result = streamText({ model: aiSdk(model), prompt: PLEASE.goOn, abortSignal: caller.signal });
    let words = 0;
    let id = "";
    let last = "";
    for await (const part of result.fullStream) {
      last = part.type;
      if (part.type !== "text-delta") continue;
      // The provider names a text by the id of its generation.
      id = part.id;
      if (++words === 3) caller.abort();
    }
    expect(last).toBe("abort");
    await checkCancelled(id, before);
  });
});
