import { afterEach, describe, expect, test, vi } from "vitest";
import { askApi } from "./ask";
import { type Answer, newAnswer } from "./chat";
import { chatKey } from "./chat-key";

const event = (chunk: object) => `data: ${JSON.stringify({ id: "gen-1", provider: "Acme", ...chunk })}\n\n`;
const word = (content: string) => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const usage = event({
  choices: [{ index: 0, delta: { content: "" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.000003 },
});

/** An answer whose bytes come in pieces that respect neither events nor letters. */
function streamOf(text: string, { breaks = false } = {}): Response {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += 7)));
      else if (breaks) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "x-generation-id": "gen-1" } });
}

const json = (status: number, body: unknown, headers = {}) => Response.json(body, { status, headers });

/** Answers of the server, in order; notes the keys it was asked with. */
function serve(...answers: ((signal: AbortSignal | null | undefined) => Response | Promise<Response>)[]) {
  const keys: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get("authorization") ?? "");
    expect(init.credentials).toBe("omit");
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer(init.signal);
  });
  return keys;
}
afterEach(() => vi.unstubAllGlobals());

function asking(signal = new AbortController().signal) {
  let minted = 0;
  const key = chatKey(async () => ({ ok: true, data: { key: `key-${++minted}`, expiresAt: Date.now() + 3_600_000 } }));
  const shown: Answer[] = [];
  const answer = askApi(key)({
    body: {},
    answer: newAnswer("a/b"),
    signal,
    onProgress: (progress) => void shown.push(progress),
  });
  return { answer, shown };
}

describe("askApi", () => {
  test("an answer comes whole, wherever its bytes were cut", async () => {
    serve(() => streamOf(`: OPENROUTER PROCESSING\n\n${word("Grüße, ")}${word("世界 👋")}${usage}data: [DONE]\n\n`));
    const { answer, shown } = asking();
    expect(await answer).toMatchObject({
      status: "done",
      text: "Grüße, 世界 👋",
      provider: "Acme",
      generationId: "gen-1",
      finishReason: "stop",
      usage: { cost: "0.000003", completionTokens: 2 },
    });
    expect(shown.map(({ text }) => text)).toContain("Grüße, ");
  });

  test.each([[true], [false]])(
    "a stream that ends early (%s: by an error) keeps what came, and its bill is looked up",
    async (breaks) => {
      serve(
        () => streamOf(word("A beginning"), { breaks }),
        () => json(404, {}),
        () =>
          json(200, {
            data: {
              tokens_prompt: 1,
              tokens_completion: 2,
              native_tokens_reasoning: 0,
              native_tokens_cached: 0,
              total_cost: 0.5,
            },
          }),
      );
      const { answer, shown } = asking();
      await vi.waitFor(() => expect(shown.at(-1)?.status).toBe("failed"));
      expect(await answer).toMatchObject({
        status: "failed",
        text: "A beginning",
        failure: { type: "broken_off", provider: "Acme" },
        usage: { cost: "0.5" },
      });
    },
  );

  test("a refusal is the answer's failure, with the time to wait", async () => {
    serve(() =>
      json(
        429,
        { error: { code: 429, message: "Slow down", metadata: { error_type: "rate_limit_exceeded" } } },
        { "retry-after": "7" },
      ),
    );
    expect(await asking().answer).toMatchObject({ status: "failed", failure: { status: 429, retryAfter: 7 } });
  });

  test("an answer that is not the API's is a failure too", async () => {
    serve(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }));
    expect(await asking().answer).toMatchObject({ status: "failed", failure: { status: 502, message: "" } });
  });

  test("a server that cannot be reached", async () => {
    serve();
    expect(await asking().answer).toMatchObject({ status: "failed", failure: { type: "unreachable" } });
  });

  test("a key that the API knows no more is renewed, once", async () => {
    const refused = () => json(401, { error: { code: 401, message: "Invalid API key" } });
    const keys = serve(refused, () => streamOf(`${word("One")}${usage}data: [DONE]\n\n`));
    expect(await asking().answer).toMatchObject({ status: "done", text: "One" });
    expect(keys).toEqual(["Bearer key-1", "Bearer key-2"]);
    serve(refused, refused);
    expect(await asking().answer).toMatchObject({ status: "failed", failure: { status: 401 } });
  });

  test("what is stopped keeps what came, and is stopped at once", async () => {
    const controller = new AbortController();
    serve(
      (signal) => {
        const body = new ReadableStream({
          start(stream) {
            stream.enqueue(new TextEncoder().encode(word("One ")));
            signal?.addEventListener("abort", () => stream.error(new DOMException("stopped", "AbortError")));
          },
        });
        return new Response(body, { headers: { "x-generation-id": "gen-1" } });
      },
      () =>
        json(200, {
          data: {
            tokens_prompt: 1,
            tokens_completion: 1,
            native_tokens_reasoning: 0,
            native_tokens_cached: 0,
            total_cost: 0,
          },
        }),
    );
    const { answer, shown } = asking(controller.signal);
    await vi.waitFor(() => expect(shown.at(-1)?.text).toBe("One "));
    controller.abort();
    await vi.waitFor(() => expect(shown.at(-1)?.status).toBe("stopped"));
    expect(await answer).toMatchObject({ status: "stopped", text: "One ", usage: { cost: "0" } });
  });
});

describe("chatKey", () => {
  test("is minted once for all who ask, and anew before it ends", async () => {
    let now = 0;
    let minted = 0;
    const key = chatKey(
      async () => ({ ok: true, data: { key: `k${++minted}`, expiresAt: now + 3_600_000 } }),
      () => now,
    );
    expect(await Promise.all([key.current(), key.current()])).toEqual(["k1", "k1"]);
    now = 3_400_000;
    expect(await key.current()).toBe("k1");
    now = 3_490_000;
    expect(await key.current()).toBe("k2");
  });

  test("a failure to mint is told, and not remembered", async () => {
    let answers = 0;
    const key = chatKey(async () =>
      answers++
        ? { ok: true, data: { key: "k", expiresAt: Date.now() + 3_600_000 } }
        : { ok: false, message: "Sign in" },
    );
    await expect(key.current()).rejects.toThrow("Sign in");
    expect(await key.current()).toBe("k");
  });
});
