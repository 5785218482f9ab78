import { describe, expect, test, vi } from "vitest";
import { AppError } from "@/lib/errors";
import { callOf, collectChunks, failureAfter, finishOf, textOf, usageOf } from "../testing/calls";
import { beginStream, namedEvents, sendJson, sendStream, standIn } from "../testing/stand-in-upstream";
import { anthropic } from "./index";

const apiKey = "sk-ant-api03-0123456789abcdefWXYZ";
const adapterTo = (url: string) => anthropic({ provider: "Anthropic", kind: "anthropic", baseUrl: url, apiKey });

const beginning = namedEvents(
  {
    type: "message_start",
    message: {
      id: "m",
      type: "message",
      role: "assistant",
      content: [],
      model: "c",
      usage: { input_tokens: 12, output_tokens: 1 },
    },
  } as { type: string },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string },
  { type: "ping" },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Grüße" } } as { type: string },
);
const ending = namedEvents(
  { type: "content_block_stop", index: 0 } as { type: string },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } } as { type: string },
  { type: "message_stop" },
);

describe("anthropic", () => {
  test("sends the request through the SDK, and nothing to the console", async () => {
    const warn = vi.spyOn(console, "warn");
    const { url, received } = await standIn((response) => sendStream(response, beginning + ending));
    await collectChunks(adapterTo(url)(callOf({ stream: true }, "claude-sonnet-4-5")));
    const [request] = received;
    expect(request).toMatchObject({ method: "POST", path: "/v1/messages" });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      "anthropic-version": expect.any(String),
    });
    expect(request?.headers["accept-encoding"]).toBeUndefined();
    expect(JSON.parse(request?.body ?? "")).toEqual({
      model: "claude-sonnet-4-5",
      max_tokens: 4_000,
      stream: true,
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    });
    expect(warn).not.toHaveBeenCalled();
  });

  test("reads a stream, and is done at its last event though the connection stays open", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write(beginning + ending);
    });
    const began = performance.now();
    const chunks = await collectChunks(adapterTo(url)(callOf({ stream: true })));
    expect(performance.now() - began).toBeLessThan(900);
    expect(textOf(chunks)).toBe("Grüße");
    expect(finishOf(chunks)?.finish_reason).toBe("stop");
    expect(usageOf(chunks)).toMatchObject({ input: 12, output: 3 });
  });

  test("reads a whole answer, even one that may be too long for the SDK's own rules", async () => {
    const answer = {
      type: "message",
      content: [{ type: "text", text: "Hi" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 12, output_tokens: 3 },
    };
    const { url } = await standIn((response) => sendJson(response, answer));
    const chunks = await collectChunks(adapterTo(url)(callOf({}, "claude-opus-5", { maxOutputTokens: 128_000 })));
    expect(chunks).toHaveLength(1);
    expect(textOf(chunks)).toBe("Hi");
    expect(usageOf(chunks)).toMatchObject({ input: 12, output: 3 });
  });

  test("asks once, and says what happened", async () => {
    const { url, received } = await standIn((response) =>
      sendJson(response, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, 529, {
        "retry-after": "5",
      }),
    );
    const { error } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(error).toMatchObject({
      failure: "overloaded",
      retryAfter: 5,
      message: "Anthropic is overloaded (529). Try again later, or allow another provider.",
    });
    expect(received).toHaveLength(1);
  });

  test.each([
    [
      "an error event",
      namedEvents({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } } as { type: string }),
      "overloaded",
    ],
    ["an end without a reason", "", "transport"],
  ])("fails in the middle of a stream with %s", async (_, rest, failure) => {
    const { url } = await standIn((response) => sendStream(response, beginning + rest));
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("Grüße");
    expect(usageOf(chunks)).toMatchObject({ input: 12 });
    expect(error).toMatchObject({ name: "ProviderError", failure });
  });

  test("fails where the server dies in the middle of a stream", async () => {
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

  test("tells a deadline by its phase", async () => {
    const { url } = await standIn(() => {});
    const { error } = await failureAfter(
      adapterTo(url),
      callOf({ stream: true }, "m", { deadlines: { headers: 100 } }),
    );
    expect(error).toMatchObject({ failure: "timeout", message: "Anthropic did not begin to answer within 0.1 s." });
  });

  test("hangs up when the caller does, and throws his reason", async () => {
    const reason = new AppError("timeout", "too late");
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write(beginning);
    });
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of adapterTo(url)(callOf({ stream: true }, "m", { signal: controller.signal })))
        controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await hungUp;
  });
});
