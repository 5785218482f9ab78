import { LLMock } from "@copilotkit/aimock";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { AppError } from "@/lib/errors";
import { collect } from "@/lib/protocol/collect";
import { callOf, collectChunks, failureAfter, finishOf, textOf, usageOf } from "../testing/calls";
import { beginStream, namedEvents, sendJson, sendStream, standIn } from "../testing/stand-in-upstream";
import { openAiResponses } from "./index";
import { beginningOf, refused, responseOf, said, streamOf, thought } from "./testing/answers";

const apiKey = "sk-proj-0123456789abcdefWXYZ";
const adapterTo = (url: string) =>
  openAiResponses({ provider: "OpenAI", kind: "openai-responses", baseUrl: `${url}/v1`, apiKey });

const answer = responseOf([thought("rs_1", ["I greet."], "gAAA"), said("Grüße")]);
const beginning = namedEvents(...beginningOf(responseOf([said("Grüße")])));
const failedWith = (code: string, message: string) =>
  responseOf([], { status: "failed", error: { code: code as "server_error", message }, usage: undefined });

describe("openAiResponses", () => {
  test("sends the request through the SDK, and nothing to the console", async () => {
    const warn = vi.spyOn(console, "warn");
    const { url, received } = await standIn((response) => sendStream(response, namedEvents(...streamOf(answer))));
    await collectChunks(adapterTo(url)(callOf({ stream: true, reasoning: { effort: "low" } }, "gpt-5.4")));
    const [request] = received;
    expect(request).toMatchObject({ method: "POST", path: "/v1/responses" });
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${apiKey}`, "content-type": "application/json" });
    expect(request?.headers["openai-organization"]).toBeUndefined();
    expect(JSON.parse(request?.body ?? "")).toEqual({
      model: "gpt-5.4",
      input: [{ role: "user", content: "Hello" }],
      max_output_tokens: 4_000,
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "low", summary: "auto" },
      stream: true,
    });
    expect(warn).not.toHaveBeenCalled();
  });

  test("reads a stream, and is done at its last event though the connection stays open", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write(namedEvents(...streamOf(answer)));
    });
    const began = performance.now();
    const chunks = await collectChunks(adapterTo(url)(callOf({ stream: true })));
    expect(performance.now() - began).toBeLessThan(900);
    expect(textOf(chunks)).toBe("Grüße");
    expect(finishOf(chunks)).toMatchObject({ finish_reason: "stop", native_finish_reason: "completed" });
    expect(usageOf(chunks)).toMatchObject({ input: 50, cacheRead: 40, output: 10, reasoning: 20 });
  });

  test("reads a whole answer as the same message", async () => {
    const { url } = await standIn((response, { body }) => {
      if (JSON.parse(body).stream) sendStream(response, namedEvents(...streamOf(answer)));
      else sendJson(response, answer);
    });
    const chunks = await collectChunks(adapterTo(url)(callOf()));
    expect(chunks).toHaveLength(1);
    expect(textOf(chunks)).toBe("Grüße");
    const whole = await collect(adapterTo(url)(callOf()));
    expect(whole).toEqual(await collect(adapterTo(url)(callOf({ stream: true }))));
    expect(whole.choices[0]?.message.reasoning).toBe("I greet.");
  });

  test.each([true, false])("tells a refusal (stream: %s)", async (stream) => {
    const refusal = responseOf([refused("I cannot help with that.")]);
    const { url } = await standIn((response) =>
      stream ? sendStream(response, namedEvents(...streamOf(refusal))) : sendJson(response, refusal),
    );
    const { choices } = await collect(adapterTo(url)(callOf({ stream })));
    expect(choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: null, refusal: "I cannot help with that." },
    });
  });

  test("takes a last event that is larger than a text would be", async () => {
    const long = responseOf([thought("rs_1", [], "x".repeat(1_500_000)), said("Hi")]);
    const { url } = await standIn((response) => sendStream(response, namedEvents(...streamOf(long))));
    expect(textOf(await collectChunks(adapterTo(url)(callOf({ stream: true }))))).toBe("Hi");
  });

  test.each([
    ["gpt-5.4", 5],
    ["gpt-4.1", 1],
  ])("waits for a word of %s for %i minutes, and half of that for its headers", async (model, minutes) => {
    const { url } = await standIn((response) => sendStream(response, namedEvents(...streamOf(answer))));
    const timers = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => timers.mockRestore());
    await collectChunks(adapterTo(url)(callOf({ stream: true }, model)));
    const milliseconds = timers.mock.calls.map(([, after]) => after);
    expect(milliseconds).toEqual(expect.arrayContaining([minutes * 30_000, minutes * 60_000]));
  });

  test("tells a deadline by its phase", async () => {
    const { url } = await standIn(() => {});
    const { error } = await failureAfter(
      adapterTo(url),
      callOf({ stream: true }, "gpt-5.4", { deadlines: { headers: 100 } }),
    );
    expect(error).toMatchObject({ failure: "timeout", message: "OpenAI did not begin to answer within 0.1 s." });
  });

  test("hangs up when the caller does, and throws his reason", async () => {
    const reason = new AppError("timeout", "too late");
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write(beginning);
    });
    const controller = new AbortController();
    const call = callOf({ stream: true }, "m", { signal: controller.signal });
    const reading = (async () => {
      for await (const _ of adapterTo(url)(call)) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await hungUp;
  });

  test("refuses a key that no header can carry, without showing it", () => {
    const connection = { provider: "OpenAI", kind: "openai-responses", apiKey: "sk-secret\nx" } as const;
    expect(() => openAiResponses(connection)).toThrow(expect.objectContaining({ failure: "credential" }));
    expect(() => openAiResponses(connection)).not.toThrow(/secret/);
  });
});

describe("failures", () => {
  test.each([
    [429, { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" }, "throttled"],
    [429, { message: "No money", type: "insufficient_quota", code: "insufficient_quota" }, "credential"],
    [400, { message: "Unknown parameter", type: "invalid_request_error", code: null }, "invalid_request"],
    [400, { message: "Too long", type: "invalid_request_error", code: "context_length_exceeded" }, "context_length"],
    [500, { message: "The server had an error", type: "server_error", code: null }, "server"],
  ])("asks once, and says what %i means", async (status, error, failure) => {
    for (const stream of [true, false]) {
      const { url, received } = await standIn((response) =>
        sendJson(response, { error }, status, { "retry-after": "7" }),
      );
      const failed = await failureAfter(adapterTo(url), callOf({ stream }));
      expect(failed).toMatchObject({ error: { name: "ProviderError", failure, provider: "OpenAI" }, chunks: [] });
      if (failure === "throttled") expect(failed.error).toMatchObject({ retryAfter: 7 });
      expect(received).toHaveLength(1);
    }
  });

  const failures: [string, string, string][] = [
    ["server_error", "The model broke.", "server"],
    ["rate_limit_exceeded", "Slow down.", "throttled"],
    ["invalid_prompt", "Invalid prompt.", "moderation"],
    ["image_content_policy_violation", "It violates our policies.", "moderation"],
    ["invalid_image_url", "Not an image.", "invalid_request"],
    ["failed_to_download_image", "No answer from there.", "invalid_request"],
    ["vector_store_timeout", "Too slow.", "server"],
  ];

  test.each(failures)("a response that failed with %s (%s) is %s, streamed or not", async (code, message, failure) => {
    const failed = failedWith(code, message);
    const events = namedEvents(
      streamOf(responseOf([]))[0] as { type: string },
      {
        type: "response.failed",
        response: failed,
      } as { type: string },
    );
    const { url } = await standIn((response, { body }) => {
      if (JSON.parse(body).stream) sendStream(response, events);
      else sendJson(response, failed);
    });
    for (const stream of [true, false]) {
      const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream }));
      expect(error).toMatchObject({ name: "ProviderError", failure });
      expect(chunks).toEqual([]);
    }
  });

  test.each(failures)("an error event with %s (%s) is %s, before the first word", async (code, message, failure) => {
    const event = { type: "error", code, message, param: null, sequence_number: 0 };
    const { url } = await standIn((response) => sendStream(response, namedEvents(event)));
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(error).toMatchObject({ name: "ProviderError", failure });
    expect(chunks).toEqual([]);
  });

  test("a model that writes of failed states has not failed", async () => {
    const words = '{"status":"failed"}';
    const { url } = await standIn((response) => sendJson(response, responseOf([said(words)])));
    expect(textOf(await collectChunks(adapterTo(url)(callOf())))).toBe(words);
    const tools = [{ type: "function" as const, name: "a", strict: false, parameters: { status: "failed" } }];
    const { url: other } = await standIn((response) => sendJson(response, responseOf([said("Hi")], { tools })));
    expect(textOf(await collectChunks(adapterTo(other)(callOf())))).toBe("Hi");
  });

  test.each([
    [
      "an error event",
      namedEvents({ type: "error", code: "server_error", message: "broke" } as { type: string }),
      "server",
    ],
    [
      "a response that failed",
      namedEvents({ type: "response.failed", response: failedWith("server_error", "broke") } as { type: string }),
      "server",
    ],
    ["an event that is not JSON", 'data: {"type\n\n', "malformed"],
    ["no last event", "", "transport"],
    ["[DONE] and no last event", "data: [DONE]\n\n", "transport"],
  ])("%s in the middle of a stream", async (_, rest, failure) => {
    const { url } = await standIn((response) => sendStream(response, beginning + rest));
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("Grüße");
    expect(error).toMatchObject({ name: "ProviderError", failure });
  });

  test("a server that dies in the middle of a stream", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write(beginning);
      setTimeout(() => response.destroy(), 20);
    });
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("Grüße");
    expect(error).toMatchObject({
      failure: "transport",
      message: expect.stringContaining("ended before it was finished"),
    });
  });

  test.each(["[]", '{"output":', '{"error":{"message":"no"}}', '{"status":"completed"}', '{"status":"failed"'])(
    "%s is no answer",
    async (body) => {
      const { url } = await standIn((response) => response.writeHead(200).end(body) && undefined);
      expect((await failureAfter(adapterTo(url), callOf())).error).toMatchObject({ failure: "malformed" });
    },
  );
});

describe.each([true, false])("against aimock (stream: %s)", (stream) => {
  async function aimock() {
    const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
    await mock.start();
    onTestFinished(() => mock.stop());
    return mock;
  }
  const tools = [
    {
      type: "function",
      function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
    },
  ];

  test("thinks, calls tools, takes their results and goes on", async () => {
    const mock = await aimock();
    const toolCalls = ["Oslo", "Bergen"].map((city) => ({ name: "get_weather", arguments: JSON.stringify({ city }) }));
    mock.on({ userMessage: "weather", hasToolResult: false }, { toolCalls, reasoning: "I have to look." });
    mock.on({ userMessage: "weather", hasToolResult: true }, { content: "Rain in both." });
    const adapter = adapterTo(mock.url);
    const question = { role: "user", content: "weather" };
    const first = await collect(adapter(callOf({ stream, tools, messages: [question] }, "gpt-5.4")));
    const { message, finish_reason } = first.choices[0] ?? {};
    expect(finish_reason).toBe("tool_calls");
    expect(message?.reasoning).toBe("I have to look.");
    expect(message?.tool_calls?.map((call) => JSON.parse(call.function.arguments).city)).toEqual(["Oslo", "Bergen"]);
    const results = message?.tool_calls?.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "rain" })) ?? [];
    const messages = [question, { ...message }, ...results];
    const second = await collectChunks(adapter(callOf({ stream, tools, messages }, "gpt-5.4")));
    expect(textOf(second)).toBe("Rain in both.");
    expect(finishOf(second)?.finish_reason).toBe("stop");
  });

  test("is cut short", async () => {
    const mock = await aimock();
    mock.onMessage("greet", { content: "Grüß Go", finishReason: "length" });
    const messages = [{ role: "user", content: "greet" }];
    const chunks = await collectChunks(adapterTo(mock.url)(callOf({ stream, messages }, "gpt-5.4")));
    expect(textOf(chunks)).toBe("Grüß Go");
    expect(finishOf(chunks)?.finish_reason).toBe("length");
  });

  test("fails as the provider does", async () => {
    const mock = await aimock();
    mock.nextRequestError(429, { message: "Slow down", type: "rate_limit_error" });
    const { error } = await failureAfter(adapterTo(mock.url), callOf({ stream }, "gpt-5.4"));
    expect(error).toMatchObject({ name: "ProviderError", failure: "throttled" });
  });
});
