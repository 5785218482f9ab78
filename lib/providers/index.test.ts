import { LLMock } from "@copilotkit/aimock";
import { describe, expect, onTestFinished, test } from "vitest";
import { collect } from "@/lib/protocol/collect";
import { adapterFor, type Connection } from "./index";
import { callOf, collectChunks, failureAfter, finishOf, textOf } from "./testing/calls";

const apiKey = "sk-test-0123456789abcdef";

async function aimock() {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  await mock.start();
  onTestFinished(() => mock.stop());
  return mock;
}

const kinds: [Connection["kind"], string, string][] = [
  ["openai", "/v1", "gpt-4o"],
  ["anthropic", "", "claude-sonnet-4-5"],
  ["google", "", "gemini-2.5-flash"],
];
const cases = kinds.flatMap((kind) => [true, false].map((stream) => [...kind, stream] as const));
const tools = [
  {
    type: "function",
    function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

describe.each(cases)("%s%s with %s, stream: %s, against aimock", (kind, path, model, stream) => {
  test("answers with text", async () => {
    const mock = await aimock();
    mock.onMessage("greet", { content: "Grüß Gott, dear friend!" });
    const adapter = adapterFor({ provider: "Mock", kind, baseUrl: mock.url + path, apiKey });
    const chunks = await collectChunks(
      adapter(callOf({ stream, messages: [{ role: "user", content: "greet" }] }, model)),
    );
    expect(textOf(chunks)).toBe("Grüß Gott, dear friend!");
    expect(finishOf(chunks)?.finish_reason).toBe("stop");
  });

  test("calls tools, takes their results and goes on", async () => {
    const mock = await aimock();
    mock.on(
      { userMessage: "weather", hasToolResult: false },
      {
        toolCalls: [
          { name: "get_weather", arguments: '{"city":"Oslo"}' },
          { name: "get_weather", arguments: '{"city":"Bergen"}' },
        ],
      },
    );
    mock.on({ userMessage: "weather", hasToolResult: true }, { content: "Rain in both." });
    const adapter = adapterFor({ provider: "Mock", kind, baseUrl: mock.url + path, apiKey });
    const question = { role: "user", content: "weather" };
    const first = await collect(adapter(callOf({ stream, tools, messages: [question] }, model)));
    const { message, finish_reason } = first.choices[0] ?? {};
    expect(finish_reason).toBe("tool_calls");
    expect(message?.tool_calls?.map((call) => JSON.parse(call.function.arguments).city)).toEqual(["Oslo", "Bergen"]);
    const results = message?.tool_calls?.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "rain" })) ?? [];
    const second = await collectChunks(
      adapter(callOf({ stream, tools, messages: [question, { ...message }, ...results] }, model)),
    );
    expect(textOf(second)).toBe("Rain in both.");
  });

  test("fails as the provider does", async () => {
    const mock = await aimock();
    mock.nextRequestError(429, { message: "Slow down", type: "rate_limit_error" });
    const adapter = adapterFor({ provider: "Mock", kind, baseUrl: mock.url + path, apiKey });
    const { error } = await failureAfter(adapter, callOf({ stream }, model));
    expect(error).toMatchObject({ name: "ProviderError", failure: "throttled" });
  });
});

describe("adapterFor", () => {
  const connection: Connection = { provider: "OpenAI", kind: "openai", apiKey, baseUrl: "http://127.0.0.1:1/v1" };

  test("makes one adapter for one connection, however often it is read", () => {
    expect(adapterFor({ ...connection })).toBe(adapterFor({ ...connection }));
  });

  test.each([
    { apiKey: "sk-other" },
    { baseUrl: "http://127.0.0.1:2/v1" },
    { kind: "anthropic" as const },
    { provider: "Else" },
  ])("makes another for %j", (change) => {
    expect(adapterFor({ ...connection, ...change })).not.toBe(adapterFor(connection));
  });

  test("leaves it to the call to say that a connection cannot be used", async () => {
    const adapter = adapterFor({ ...connection, apiKey: "sk-secret\nx" });
    const { error } = await failureAfter(adapter, callOf());
    expect(error).toMatchObject({ name: "ProviderError", failure: "credential", tryNext: true });
    expect(String(error)).not.toContain("secret");
  });

  test("does not keep them for ever", () => {
    const first = adapterFor(connection);
    for (let count = 0; count < 200; count++) adapterFor({ ...connection, apiKey: `sk-${count}` });
    expect(adapterFor(connection)).not.toBe(first);
  });
});
