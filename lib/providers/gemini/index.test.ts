import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import { callOf, collectChunks, failureAfter, finishOf, textOf, usageOf } from "../testing/calls";
import { beginStream, events, sendJson, sendStream, standIn } from "../testing/stand-in-upstream";
import { gemini } from "./index";

const apiKey = "AIzaSy0123456789abcdefWXYZ";
const adapterTo = (url: string) => gemini({ provider: "Google AI Studio", kind: "google", baseUrl: url, apiKey });

const piece = (text: string, finishReason?: string) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...(finishReason && { finishReason }) }],
  usageMetadata: { promptTokenCount: 12, candidatesTokenCount: text.length },
});

describe("gemini", () => {
  test("sends the request through the SDK, in Google's own form", async () => {
    const { url, received } = await standIn((response) => sendStream(response, events(piece("a", "STOP"))));
    const tools = [
      {
        type: "function",
        function: {
          name: "look",
          parameters: { type: "object", properties: { n: { type: ["integer", "null"], exclusiveMinimum: 0 } } },
        },
      },
    ];
    const body = {
      stream: true,
      temperature: 0.5,
      reasoning: { effort: "high" },
      tools,
      tool_choice: "required",
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", content: "Hello" },
        {
          role: "assistant",
          tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: '{"n":1}' } }],
          reasoning_details: [{ type: "reasoning.encrypted", data: "c2ln", format: "google-gemini-v1", id: "c" }],
        },
        { role: "tool", tool_call_id: "c", content: "seen" },
      ],
    };
    await collectChunks(adapterTo(url)(callOf(body, "gemini-3.5-flash")));
    const [request] = received;
    expect(request).toMatchObject({
      method: "POST",
      path: "/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse",
    });
    expect(request?.headers["x-goog-api-key"]).toBe(apiKey);
    expect(request?.headers["accept-encoding"]).toBeUndefined();
    expect(JSON.parse(request?.body ?? "")).toEqual({
      systemInstruction: { role: "user", parts: [{ text: "Be brief" }] },
      contents: [
        { role: "user", parts: [{ text: "Hello" }] },
        { role: "model", parts: [{ functionCall: { name: "look", args: { n: 1 } }, thoughtSignature: "c2ln" }] },
        { role: "user", parts: [{ functionResponse: { name: "look", response: { output: "seen" } } }] },
      ],
      tools: [
        {
          functionDeclarations: [
            {
              name: "look",
              parametersJsonSchema: { type: "object", properties: { n: { type: ["integer", "null"], minimum: 1 } } },
            },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
      generationConfig: {
        maxOutputTokens: 4_000,
        temperature: 0.5,
        thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      },
    });
  });

  test("reads a stream", async () => {
    const { url } = await standIn((response) =>
      sendStream(response, events(piece("Grü"), piece("ße", "STOP")).replaceAll("\n", "\r\n")),
    );
    const chunks = await collectChunks(adapterTo(url)(callOf({ stream: true })));
    expect(textOf(chunks)).toBe("Grüße");
    expect(finishOf(chunks)?.finish_reason).toBe("stop");
    expect(usageOf(chunks)).toMatchObject({ input: 12, output: 2 });
  });

  test("reads a whole answer", async () => {
    const { url, received } = await standIn((response) => sendJson(response, piece("Hi", "STOP")));
    const chunks = await collectChunks(adapterTo(url)(callOf({}, "gemini-2.5-flash")));
    expect(received.map(({ path }) => path)).toEqual(["/v1beta/models/gemini-2.5-flash:generateContent"]);
    expect(chunks).toHaveLength(1);
    expect(textOf(chunks)).toBe("Hi");
    expect(usageOf(chunks)).toMatchObject({ input: 12, output: 2 });
  });

  test("sends no further request by itself, whatever the answer asks for", async () => {
    const more = {
      candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "CONTINUATION" }],
      continuationToken: "t",
    };
    const { url, received } = await standIn((response, { path }) =>
      path.includes("stream") ? sendStream(response, events(more)) : sendJson(response, more),
    );
    for (const stream of [true, false]) {
      expect(finishOf(await collectChunks(adapterTo(url)(callOf({ stream }))))?.finish_reason).toBe("length");
    }
    expect(received).toHaveLength(2);
  });

  test("takes pictures of more than a mebibyte from the models that make them", async () => {
    const picture = {
      candidates: [
        {
          content: { parts: [{ inlineData: { mimeType: "image/png", data: "A".repeat(3 * 1024 * 1024) } }] },
          finishReason: "STOP",
        },
      ],
    };
    const { url } = await standIn((response) => sendStream(response, events(picture)));
    const chunks = await collectChunks(adapterTo(url)(callOf({ stream: true }, "gemini-3.1-flash-image")));
    expect(chunks[0]?.choices[0]?.delta.images).toHaveLength(1);
    expect((await failureAfter(adapterTo(url), callOf({ stream: true }, "gemini-3.5-flash"))).error).toMatchObject({
      failure: "malformed",
    });
  });

  test("asks once, and says what happened", async () => {
    const error429 = {
      error: {
        code: 429,
        status: "RESOURCE_EXHAUSTED",
        message: "You exceeded your current quota",
        details: [{ retryDelay: "9s" }],
      },
    };
    const { url, received } = await standIn((response) => sendJson(response, error429, 429));
    for (const stream of [true, false]) {
      const { error } = await failureAfter(adapterTo(url), callOf({ stream }));
      expect(error).toMatchObject({ failure: "throttled", retryAfter: 9, provider: "Google AI Studio" });
    }
    expect(received).toHaveLength(2);
  });

  test("says what the upstream refused, without the key that it echoes", async () => {
    const body = {
      error: { code: 400, status: "INVALID_ARGUMENT", message: `Bad field, key=${apiKey}, or AIzaSy01...WXYZ` },
    };
    const { url } = await standIn((response) => sendJson(response, body, 400));
    const { error } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(error).toMatchObject({
      failure: "invalid_request",
      message: "Google AI Studio refused the request (400): Bad field, key=[redacted], or [redacted]",
    });
  });

  test("takes HTML with status 200 for no answer", async () => {
    const { url } = await standIn((response) => void response.setHeader("content-type", "text/html").end("<p>Sign in"));
    for (const stream of [true, false]) {
      expect((await failureAfter(adapterTo(url), callOf({ stream }))).error).toMatchObject({ failure: "malformed" });
    }
  });

  test.each([
    ["an error event", events({ error: { code: 503, status: "UNAVAILABLE", message: "Overloaded" } }), "overloaded"],
    ["an end without a reason", "", "transport"],
  ])("fails in the middle of a stream with %s", async (_, rest, failure) => {
    const { url } = await standIn((response) => sendStream(response, events(piece("a")) + rest));
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("a");
    expect(error).toMatchObject({ name: "ProviderError", failure });
  });

  test("fails where the server dies in the middle of a stream", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write(events(piece("a")));
      setTimeout(() => response.destroy(), 20);
    });
    const { error, chunks } = await failureAfter(adapterTo(url), callOf({ stream: true }));
    expect(textOf(chunks)).toBe("a");
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
    expect(error).toMatchObject({
      failure: "timeout",
      message: "Google AI Studio did not begin to answer within 0.1 s.",
    });
  });

  test.each([true, false])("hangs up when the caller does, and throws his reason (stream: %s)", async (stream) => {
    const reason = new AppError("timeout", "too late");
    const controller = new AbortController();
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write(events(piece("a")));
      setTimeout(() => controller.abort(reason), 20);
    });
    const reading = collectChunks(adapterTo(url)(callOf({ stream }, "m", { signal: controller.signal })));
    await expect(reading).rejects.toBe(reason);
    await hungUp;
  });
});
