import { describe, expect, test } from "vitest";
import { readChunk, readWhole } from "./answer";
import { openAiReader } from "./stream";
import { readUsage } from "./usage";

const chunk = (delta: object, more: object = {}) => ({
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
  usage: null,
});
const deltaOf = (delta: object) => readChunk(chunk(delta), "delta").choices[0]?.delta;

describe("readChunk", () => {
  test("passes on nothing that is null", () => {
    const source = {
      role: null,
      content: null,
      refusal: null,
      tool_calls: null,
      reasoning: null,
      reasoning_content: null,
      audio: null,
    };
    expect(readChunk({ ...chunk(source), service_tier: null, system_fingerprint: null }, "delta")).toEqual({
      choices: [{ index: 0, delta: {}, finish_reason: null, native_finish_reason: null }],
    });
  });

  test("passes on text, refusals and the server's stamps", () => {
    expect(
      readChunk(
        {
          ...chunk({ role: "assistant", content: "a", refusal: "b" }),
          service_tier: "default",
          system_fingerprint: "fp",
        },
        "delta",
      ),
    ).toEqual({
      choices: [
        {
          index: 0,
          delta: { role: "assistant", content: "a", refusal: "b" },
          finish_reason: null,
          native_finish_reason: null,
        },
      ],
      service_tier: "default",
      system_fingerprint: "fp",
    });
  });

  test("mends tool calls as other servers send them", () => {
    expect(
      deltaOf({ tool_calls: [{ index: 1, id: "c", type: "function", function: { name: "f", arguments: "" } }] })
        ?.tool_calls,
    ).toEqual([{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "" } }]);
    expect(deltaOf({ tool_calls: [{ id: "c", function: { name: "f", arguments: { a: 1 } } }] })?.tool_calls).toEqual([
      { index: 0, id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } },
    ]);
  });

  test.each(["reasoning_content", "reasoning"])("shows reasoning under either name, and keeps it: %s", (id) => {
    expect(deltaOf({ [id]: "hm" })).toEqual({
      reasoning: "hm",
      reasoning_details: [{ type: "reasoning.text", text: "hm", id, format: "unknown", index: 0 }],
    });
  });

  test("leaves details that came", () => {
    const details = [{ type: "reasoning.encrypted", data: "x" }];
    expect(deltaOf({ reasoning: "hm", reasoning_details: details })?.reasoning_details).toEqual(details);
  });

  test("reads content that is a list", () => {
    const content = [
      { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
      { type: "text", text: "yes" },
    ];
    expect(deltaOf({ content })).toMatchObject({ content: "yes", reasoning: "hm" });
  });

  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["tool_calls", "tool_calls"],
    ["function_call", "tool_calls"],
    ["content_filter", "content_filter"],
    ["insufficient_system_resource", "error"],
    ["eos", "stop"],
  ])("maps %s to %s and keeps it", (native, ours) => {
    expect(readChunk(chunk({}, { finish_reason: native }), "delta").choices[0]).toMatchObject({
      finish_reason: ours,
      native_finish_reason: native,
    });
  });

  test("keeps log probabilities", () => {
    const logprobs = { content: [{ token: "a" }], refusal: null };
    expect(readChunk(chunk({}, { logprobs }), "delta").choices[0]?.logprobs).toEqual(logprobs);
  });
});

describe("readWhole", () => {
  test("is one chunk whose delta is the message", () => {
    const message = {
      role: "assistant",
      content: "Hi",
      refusal: null,
      annotations: [],
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    };
    expect(
      readWhole({
        choices: [{ index: 0, message, finish_reason: "tool_calls" }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      }),
    ).toEqual({
      choices: [
        {
          index: 0,
          delta: {
            role: "assistant",
            content: "Hi",
            tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
          },
          finish_reason: "tool_calls",
          native_finish_reason: "tool_calls",
        },
      ],
      usage: { input: 3, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0, audio: 0, output: 2, reasoning: 0 },
    });
  });

  test.each([{}, { choices: [] }, { choices: "none" }])("refuses %j", (answer) => {
    expect(() => readWhole(answer)).toThrow();
  });
});

describe("openAiReader", () => {
  test("is finished when every choice that began has its reason", () => {
    const reader = openAiReader();
    expect(reader.finished()).toBe(false);
    reader.read({
      choices: [
        { index: 0, delta: { content: "a" } },
        { index: 1, delta: { content: "b" } },
      ],
    });
    reader.read({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    expect(reader.finished()).toBe(false);
    reader.read({ choices: [{ index: 1, delta: {}, finish_reason: "stop" }] });
    expect(reader.finished()).toBe(true);
    reader.read({
      choices: [{ index: 0, delta: {}, finish_reason: null }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
    expect(reader.finished()).toBe(true);
  });

  test("lets no silence pass for the first word", () => {
    const reader = openAiReader();
    expect(reader.read(chunk({ role: "assistant", content: "", refusal: null }))).toBeUndefined();
    expect(reader.read({ ...chunk({ role: "assistant", content: "" }), usage: { prompt_tokens: 3 } })).toEqual({
      choices: [],
      usage: expect.objectContaining({ input: 3 }),
    });
    const first = { tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "" } }] };
    expect(reader.read(chunk(first))?.choices[0]?.delta).toMatchObject({
      role: "assistant",
      tool_calls: [{ id: "c" }],
    });
    expect(reader.read(chunk({ content: "b" }))?.choices[0]?.delta).toEqual({ content: "b" });
    expect(reader.read(chunk({}, { finish_reason: "length" }))?.choices[0]?.delta).toEqual({
      tool_calls: [{ index: 0, function: { arguments: "{}" } }],
    });
  });

  test("says nothing for an event without choices or usage", () => {
    expect(openAiReader().read({ choices: [], prompt_filter_results: [] })).toBeUndefined();
  });
});

describe("readUsage", () => {
  const buckets = (input: number, cacheRead: number, cacheWrite: number, output: number, reasoning: number) => ({
    input,
    cacheRead,
    cacheWrite,
    cacheWriteHour: 0,
    audio: 0,
    output,
    reasoning,
  });

  test.each([
    ["nothing known", {}, undefined],
    ["garbage", { prompt_tokens: "3", completion_tokens: -1 }, undefined],
    ["plain", { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 }, buckets(10, 0, 0, 4, 0)],
    ["no completion", { prompt_tokens: 10 }, buckets(10, 0, 0, 0, 0)],
    [
      "cached and thought",
      {
        prompt_tokens: 10,
        completion_tokens: 9,
        total_tokens: 19,
        prompt_tokens_details: { cached_tokens: 6, cache_write_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
      buckets(1, 6, 3, 4, 5),
    ],
    [
      "DeepSeek's cache",
      { prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 8 },
      buckets(2, 8, 0, 1, 0),
    ],
    [
      "reasoning apart, as the total shows",
      { prompt_tokens: 10, completion_tokens: 4, total_tokens: 20, completion_tokens_details: { reasoning_tokens: 6 } },
      buckets(10, 0, 0, 4, 6),
    ],
    [
      "more cached than sent",
      { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9, cache_write_tokens: 9 } },
      buckets(0, 5, 0, 1, 0),
    ],
    [
      "reasoning apart, as it exceeds what it would be part of",
      { prompt_tokens: 5, completion_tokens: 3, completion_tokens_details: { reasoning_tokens: 9 } },
      buckets(5, 0, 0, 3, 9),
    ],
    [
      "more thought than the total has room for",
      { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, completion_tokens_details: { reasoning_tokens: 9 } },
      buckets(5, 0, 0, 0, 3),
    ],
    [
      "details that are null",
      { prompt_tokens: 5, completion_tokens: 3, prompt_tokens_details: null, completion_tokens_details: null },
      buckets(5, 0, 0, 3, 0),
    ],
  ])("%s", (_, usage, expected) => {
    expect(readUsage(usage)).toEqual(expected);
  });

  test("counts audio that was sent apart", () => {
    const details = { cached_tokens: 30, audio_tokens: 60 };
    expect(readUsage({ prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: details })).toMatchObject({
      input: 10,
      cacheRead: 30,
      audio: 60,
    });
    expect(readUsage({ prompt_tokens: 50, prompt_tokens_details: details })).toMatchObject({ input: 0, audio: 20 });
  });
});
