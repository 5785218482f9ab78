import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import { describe, expect, test } from "vitest";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { type Collected, collect } from "@/lib/protocol/collect";
import type { Json } from "../dialect";
import { callOf, finishOf, usageOf } from "../testing/calls";
import { readWhole } from "./answer";
import { toResponsesRequest } from "./request";
import { responsesReader } from "./stream";
import { beginningOf, called, refused, responseOf, said, streamOf, thought } from "./testing/answers";

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value));
const wholeOf = (response: Response) => readWhole(asJson(response));

function chunksOf(events: object[]) {
  const reader = responsesReader();
  const chunks = events.map((event) => reader.read(asJson(event))).filter((chunk) => chunk !== undefined);
  return { chunks, reader };
}

const deltasOf = (events: object[]) =>
  chunksOf(events)
    .chunks.flatMap(({ choices }) => choices)
    .map(({ delta }) => delta);

function fold(chunks: ChatChunk[]): Promise<Collected> {
  return collect(
    (async function* () {
      yield* chunks;
    })(),
  );
}

const folded = async (events: object[]) => (await fold(chunksOf(events).chunks)).choices[0];

const link = { type: "url_citation", url: "https://a/b", title: "B", start_index: 0, end_index: 3 };
const incomplete = (reason?: "max_output_tokens" | "content_filter"): Partial<Response> => ({
  status: "incomplete",
  incomplete_details: { reason },
});

const answers: [string, Response][] = [
  ["text", responseOf([said("Grüße aus Wien")])],
  ["nothing", responseOf([])],
  ["a refusal", responseOf([refused("I cannot help with that.")])],
  [
    "thoughts in parts, words and calls",
    responseOf([
      thought("rs_1", ["**Looking**\n\nI look.", "Now I ask."], "gAAA1"),
      said("One moment."),
      called("call_a", "look", '{"at":"sea"}'),
      thought("rs_2", ["And once more."], "gAAA2"),
      called("call_b", "look", "{}"),
    ]),
  ],
  ["thoughts that are not shown", responseOf([thought("rs_1", [], "gAAA1"), said("42")])],
  ["links", responseOf([said("See B.", [link, { type: "file_citation", file_id: "file_1", index: 0 }])])],
  ["two messages", responseOf([said("First."), said("Second.")])],
  ["a cut", responseOf([said("It was")], incomplete("max_output_tokens"))],
  ["a cut call", responseOf([called("call_a", "look", '{"at')], incomplete("max_output_tokens"))],
  ["a filter", responseOf([said("It")], incomplete("content_filter"))],
];

describe("a stream and a whole answer", () => {
  test.each(answers)("are the same message: %s", async (_, response) => {
    const { chunks, reader } = chunksOf(streamOf(response));
    expect(reader.finished()).toBe(true);
    expect(reader.ended?.()).toBe(true);
    const whole = wholeOf(response);
    expect(await fold(chunks)).toEqual(await fold([whole]));
    expect(usageOf(chunks)).toEqual(whole.usage);
  });

  test.each(answers)("say nothing twice, and nothing empty: %s", (_, response) => {
    const { chunks } = chunksOf(streamOf(response));
    for (const { choices } of chunks.slice(0, -1)) expect(Object.keys(choices[0]?.delta ?? {})).not.toEqual([]);
    const text = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
    const told = chunks.map(({ choices }) => choices[0]?.delta.content ?? choices[0]?.delta.refusal ?? "").join("");
    expect(told).toBe(text.map((part) => (part.type === "refusal" ? part.refusal : part.text)).join(""));
  });
});

describe("responsesReader", () => {
  test("says who speaks, once", () => {
    const deltas = deltasOf(streamOf(responseOf([said("Grüße")])));
    expect(deltas).toEqual([{ role: "assistant", content: "Grü" }, { content: "ße" }, {}]);
  });

  test("numbers calls from zero, whatever comes between them", () => {
    const response = responseOf([
      thought("rs_1", [], "x"),
      called("a", "look", "{}"),
      said("."),
      called("b", "go", "[1]"),
    ]);
    expect(deltasOf(streamOf(response)).flatMap(({ tool_calls }) => tool_calls ?? [])).toEqual([
      { index: 0, id: "a", type: "function", function: { name: "look", arguments: "" } },
      { index: 0, function: { arguments: "{}" } },
      { index: 1, id: "b", type: "function", function: { name: "go", arguments: "" } },
      { index: 1, function: { arguments: "[1]" } },
    ]);
  });

  test("tells thoughts as text and as what the next turn needs", () => {
    const origin = { id: "rs_1", format: "openai-responses-v1" };
    const summary = (text: string, index: number) => ({ type: "reasoning.summary", summary: text, ...origin, index });
    expect(deltasOf(beginningOf(responseOf([thought("rs_1", ["Look", "Ask"], "gAAA")])))).toEqual([
      { role: "assistant", reasoning: "Loo", reasoning_details: [summary("Loo", 0)] },
      { reasoning: "k", reasoning_details: [summary("k", 0)] },
      { reasoning: "\n\nAsk", reasoning_details: [summary("Ask", 1)] },
      { reasoning_details: [{ type: "reasoning.encrypted", data: "gAAA", ...origin, index: 2 }] },
    ]);
  });

  test("tells the reasoning of models that show it as it is", async () => {
    const item = { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "Hm, so." }] };
    const at = { output_index: 0, item_id: "rs_1", content_index: 0 };
    const events = [
      { type: "response.reasoning_text.delta", ...at, delta: "Hm, " },
      { type: "response.reasoning_text.delta", ...at, delta: "so." },
      { type: "response.output_item.done", output_index: 0, item },
    ];
    const detail = { type: "reasoning.text", text: "Hm, so.", id: "rs_1", format: "openai-responses-v1", index: 0 };
    expect((await folded(events))?.message).toMatchObject({ reasoning: "Hm, so.", reasoning_details: [detail] });
  });

  test("tells links in OpenRouter's shape, and no files of the operator", () => {
    const file = { type: "file_citation", file_id: "file_1", filename: "a", index: 0 };
    const [choice] = wholeOf(responseOf([said("B", [link, file])])).choices;
    const { type, ...citation } = link;
    expect(choice?.delta.annotations).toEqual([{ type, url_citation: citation }]);
  });

  test.each([
    ["its pieces", ({ type }: ResponseStreamEvent) => !type.endsWith(".delta")],
    ["its beginning", ({ type }: ResponseStreamEvent) => !type.endsWith(".added")],
    ["the repetition at its end", ({ type }: ResponseStreamEvent) => type !== "response.output_item.done"],
  ])("reads an item without %s", async (_, kept) => {
    const response = responseOf([refused("No."), said("But this."), called("a", "look", '{"at":"sea"}')]);
    expect(await folded(streamOf(response).filter(kept))).toEqual((await fold([wholeOf(response)])).choices[0]);
  });

  test("tells at the end of an item what its pieces left out", async () => {
    const response = responseOf([said("Grüße"), called("a", "look", "[1,2]"), thought("rs_1", ["Look at it"], "x")]);
    const seen = new Set<string>();
    const firstPieces = streamOf(response).filter(
      ({ type }) => !type.endsWith(".delta") || (!seen.has(type) && seen.add(type)),
    );
    expect(await folded(firstPieces)).toEqual((await fold([wholeOf(response)])).choices[0]);
  });

  test("tells probabilities in the shape of chat completions", () => {
    const logprob = { token: "Hi", logprob: -0.1, top_logprobs: [{ token: "Hi", logprob: -0.1 }] };
    const at = { output_index: 0, content_index: 0, item_id: "m" };
    const { chunks } = chunksOf([{ type: "response.output_text.delta", ...at, delta: "Hi", logprobs: [logprob] }]);
    expect(chunks[0]?.choices[0]?.logprobs).toEqual({ content: [{ ...logprob, bytes: null }] });
    const part = { type: "output_text" as const, text: "Hi", annotations: [], logprobs: [{ ...logprob, bytes: [72] }] };
    const [choice] = wholeOf(responseOf([{ ...said(""), content: [part as never] }])).choices;
    expect(choice?.logprobs).toEqual({ content: [{ ...logprob, bytes: [72] }] });
  });

  test("tells each probability once, though the end of an item repeats them", () => {
    const [first, second] = ["Grü", "ße"].map((token) => ({ token, logprob: -0.1, bytes: [1], top_logprobs: [] }));
    const part = { type: "output_text" as const, text: "Grüße", annotations: [], logprobs: [first, second] as never[] };
    const events = streamOf(responseOf([{ ...said(""), content: [part] }])).flatMap((event): object[] => {
      if (event.type !== "response.output_text.delta") return [event];
      return event.delta === "Grü" ? [{ ...event, logprobs: [first] }] : [];
    });
    const told = chunksOf(events).chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? []);
    expect(told).toEqual([first, second]);
  });

  test("has not finished before the last event", () => {
    const { reader } = chunksOf(beginningOf(responseOf([said("Hi")])));
    expect(reader.finished()).toBe(false);
    expect(reader.ended?.()).toBe(false);
  });
});

describe("the ending", () => {
  test.each([
    ["stop", "completed", responseOf([said("Hi")])],
    ["stop", "completed", responseOf([refused("No")])],
    ["tool_calls", "completed", responseOf([said("Hi"), called("a", "look", "{}")])],
    ["length", "max_output_tokens", responseOf([called("a", "look", "{")], incomplete("max_output_tokens"))],
    ["length", "incomplete", responseOf([said("Hi")], incomplete())],
    ["content_filter", "content_filter", responseOf([said("Hi")], incomplete("content_filter"))],
  ])("is %s (%s)", (finish_reason, native_finish_reason, response) => {
    expect(wholeOf(response).choices[0]).toMatchObject({ finish_reason, native_finish_reason });
    expect(finishOf(chunksOf(streamOf(response)).chunks)).toMatchObject({ finish_reason, native_finish_reason });
  });

  test("counts every token once", () => {
    expect(wholeOf(responseOf([said("Hi")])).usage).toEqual({
      input: 50,
      cacheRead: 40,
      cacheWrite: 10,
      cacheWriteHour: 0,
      audio: 0,
      output: 10,
      reasoning: 20,
    });
    expect(wholeOf(responseOf([said("Hi")], { usage: undefined }))).not.toHaveProperty("usage");
  });

  test("says which service tier served", () => {
    expect(wholeOf(responseOf([], { service_tier: "flex" })).service_tier).toBe("flex");
  });

  test.each(["in_progress", "queued", "cancelled"] as const)("is none where the response is %s", (status) => {
    expect(() => wholeOf(responseOf([said("Hi")], { status }))).toThrow("malformed");
  });

  test("is known by the name of its event, or by its status", () => {
    const response = { ...responseOf([said("Hi")]), status: undefined };
    const { chunks } = chunksOf([{ type: "response.incomplete", response }]);
    expect(finishOf(chunks)?.finish_reason).toBe("length");
    const failed = responseOf([], { status: "failed" });
    expect(() => chunksOf([{ type: "response.completed", response: failed }])).toThrow("reported");
  });

  test("is none where there is no output", () => {
    expect(() => readWhole({ status: "completed" })).toThrow("malformed");
  });
});

describe("what was thought", () => {
  test.each([true, false])("comes back in the next turn as it was (stream: %s)", async (stream) => {
    const items = [
      thought("rs_1", ["**Looking**\n\nI look.", "Now I ask."], "gAAA1"),
      thought("rs_2", [], "gAAA2"),
      thought("rs_3", ["Once more."], "gAAA3"),
    ];
    const response = responseOf([...items, called("call_a", "look", "{}")]);
    const chunks = stream ? chunksOf(streamOf(response)).chunks : [wholeOf(response)];
    const message = (await fold(chunks)).choices[0]?.message;
    const messages = [
      { role: "user", content: "Look." },
      JSON.parse(JSON.stringify(message)),
      { role: "tool", tool_call_id: "call_a", content: "blue" },
    ];
    expect(toResponsesRequest(callOf({ messages }, "gpt-5.4")).input).toEqual([
      { role: "user", content: "Look." },
      ...items,
      { type: "function_call", call_id: "call_a", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "call_a", output: "blue" },
    ]);
  });
});
