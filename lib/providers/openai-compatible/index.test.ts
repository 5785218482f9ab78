import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import { callOf, collectChunks, failureAfter, finishOf, textOf, usageOf } from "../testing/calls";
import { beginStream, events, sendJson, sendStream, standIn } from "../testing/stand-in-upstream";
import { openAiCompatible } from "./index";

const apiKey = "sk-proj-0123456789abcdefWXYZ";
const adapterTo = (url: string) =>
  openAiCompatible({ provider: "OpenAI", kind: "openai", baseUrl: `${url}/v1`, apiKey });

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt",
  choices: [{ index: 0, delta, finish_reason, logprobs: null }],
  usage: null,
});
const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
const streamed = `${events(chunk({ role: "assistant", content: "" }), chunk({ content: "Grü" }), chunk({ content: "ße" }), chunk({}, "stop"), { ...chunk({}), choices: [], usage })}data: [DONE]\n\n`;

describe("openAiCompatible", () => {
  test("sends the request through the SDK", async () => {
    const { url, received } = await standIn((response) => sendStream(response, streamed));
    await collectChunks(adapterTo(url)(callOf({ stream: true }, "gpt-5")));
    const [request] = received;
    expect(request).toMatchObject({ method: "POST", path: "/v1/chat/completions" });
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${apiKey}`, "content-type": "application/json" });
    expect(request?.headers["accept-encoding"]).toBeUndefined();
    expect(request?.headers["openai-organization"]).toBeUndefined();
    expect(JSON.parse(request?.body ?? "")).toEqual({
      model: "gpt-5",
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 4_000,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("reads a stream", async () => {
    const { url } = await standIn((response) => sendStream(response, streamed));
    const chunks = await collectChunks(adapterTo(url)(callOf({ stream: true })));
    expect(textOf(chunks)).toBe("Grüße");
    expect(finishOf(chunks)).toMatchObject({ finish_reason: "stop", native_finish_reason: "stop" });
    expect(usageOf(chunks)).toMatchObject({ input: 12, output: 3 });
  });

  test("reads a whole answer", async () => {
    const answer = {
      id: "c",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
      usage,
    };
    const { url } = await standIn((response) => sendJson(response, answer));
    const chunks = await collectChunks(adapterTo(url)(callOf()));
    expect(chunks).toHaveLength(1);
    expect(textOf(chunks)).toBe("Hi");
    expect(usageOf(chunks)).toMatchObject({ input: 12, output: 3 });
  });

  test("is done at [DONE], though the server leaves the connection open", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write(streamed);
    });
    const began = performance.now();
    expect(textOf(await collectChunks(adapterTo(url)(callOf({ stream: true }))))).toBe("Grüße");
    expect(performance.now() - began).toBeLessThan(900);
  });

  test("takes pictures of more than a mebibyte from the models that make them", async () => {
    const images = [{ type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(3 * 1024 * 1024)}` } }];
    const { url } = await standIn((response) => sendStream(response, events(chunk({ images }, "stop"))));
    const chunks = await collectChunks(adapterTo(url)(callOf({ stream: true }, "an-image-model")));
    expect(chunks[0]?.choices[0]?.delta.images).toEqual(images);
    const { error } = await failureAfter(adapterTo(url), callOf({ stream: true }, "a-model"));
    expect(error).toMatchObject({ failure: "malformed" });
  });

  test("asks once, whatever the status", async () => {
    const { url, received } = await standIn((response) => sendJson(response, { error: { message: "broke" } }, 500));
    const { error } = await failureAfter(adapterTo(url), callOf());
    expect(error).toMatchObject({ name: "ProviderError", failure: "server", provider: "OpenAI" });
    expect(received).toHaveLength(1);
  });

  test("says what the upstream refused, without the key that it echoes", async () => {
    const message = `Unknown parameter with key ${apiKey}, also known as sk-proj-0123***WXYZ`;
    const { url } = await standIn((response) =>
      sendJson(response, { error: { message, type: "invalid_request_error", code: null } }, 400),
    );
    const { error } = await failureAfter(adapterTo(url), callOf());
    expect(error).toMatchObject({
      failure: "invalid_request",
      message: "OpenAI refused the request (400): Unknown parameter with key [redacted], also known as [redacted]",
    });
    expect(JSON.stringify((error as AppError).metadata)).not.toMatch(/0123|WXYZ/);
  });

  test.each([
    ["HTML", "<!doctype html><p>Sign in", "text/html"],
    ["an error with status 200", '{"error":{"message":"no"}}', "application/json"],
    [
      "an error beside an answer",
      '{"error":{"message":"no"},"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}',
      "application/json",
    ],
    ["garbage", '{"choices":', "application/json"],
    ["a list", "[]", "application/json"],
    ["no choices", '{"choices":[]}', "application/json"],
  ])("takes %s for no answer", async (_, body, type) => {
    const { url } = await standIn((response) => {
      response.setHeader("content-type", type);
      response.end(body);
    });
    expect((await failureAfter(adapterTo(url), callOf())).error).toMatchObject({ failure: "malformed" });
    expect((await failureAfter(adapterTo(url), callOf({ stream: true }))).error).toMatchObject({
      failure: "malformed",
    });
  });

  test.each([
    [
      "an error event",
      events(chunk({ content: "a" }), { error: { message: "The server had an error", type: "server_error" } }),
      "server",
    ],
    ["an event that is not JSON", `${events(chunk({ content: "a" }))}data: {"choices\n\n`, "malformed"],
    ["an end without a reason", events(chunk({ content: "a" })), "transport"],
    ["[DONE] without a reason", `${events(chunk({ content: "a" }))}data: [DONE]\n\n`, "transport"],
  ])("fails in the middle of a stream with %s", async (_, text, failure) => {
    const { url } = await standIn((response) => sendStream(response, text));
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("a");
    expect(error).toMatchObject({ name: "ProviderError", failure });
  });

  test("fails where the server dies in the middle of a stream", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write(events(chunk({ content: "a" })));
      setTimeout(() => response.destroy(), 20);
    });
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("a");
    expect(error).toMatchObject({
      failure: "transport",
      message: expect.stringContaining("ended before it was finished"),
    });
  });

  test("tells a deadline by its phase, though the SDK has errors of its own for that", async () => {
    const { url } = await standIn((response, { body }) => {
      if (JSON.parse(body).stream) beginStream(response);
    });
    const deadlines = { total: 100, idle: 100 };
    const headers = await failureAfter(adapterTo(url), callOf({}, "m", { deadlines }));
    expect(headers.error).toMatchObject({
      failure: "timeout",
      message: "OpenAI did not begin to answer within 0.1 s.",
    });
    const idle = await failureAfter(adapterTo(url), callOf({ stream: true }, "m", { deadlines }));
    expect(idle.error).toMatchObject({
      failure: "timeout",
      message: "OpenAI was silent for 0.1 s in the middle of its answer.",
    });
  });

  test("hangs up when the caller does, and throws his reason", async () => {
    const reason = new AppError("timeout", "too late");
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write(events(chunk({ content: "a" })));
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
    const connection = { provider: "OpenAI", kind: "openai", apiKey: "sk-secret\nx" } as const;
    expect(() => openAiCompatible(connection)).toThrow(expect.objectContaining({ failure: "credential" }));
    expect(() => openAiCompatible(connection)).not.toThrow(/secret/);
  });
});
