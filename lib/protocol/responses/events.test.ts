import { StreamEvents$inboundSchema } from "@openrouter/sdk/models/streamevents.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import type { Ending, Stamp } from "../answer";
import type { ChatChunk, ChatDelta, FinishReason, ReasoningDetail } from "../chat-chunk";
import { collect } from "../collect";
import { noTokens } from "../token-usage";
import { responses } from "./door";

const stamp: Stamp = { id: "gen-1764000000-abcdefghij0123456789", created: 1_764_000_000, model: "a/b", provider: "B" };
const ending = (reason: FinishReason | null): Ending => ({
  bill: {
    ...{ usage: { ...noTokens, input: 3, output: 4, reasoning: 1 }, cost: 5n, isByok: false },
    ...{ upstream: 5n, upstreamPrompt: 2n, upstreamCompletion: 3n },
  },
  reason,
  native: reason,
});
const TOOLS = [
  { type: "function", name: "look_up", parameters: { type: "object" } },
  { type: "custom", name: "patch", format: { type: "grammar", syntax: "lark", definition: "start: /.+/" } },
  { type: "namespace", name: "agents", description: "x", tools: [{ type: "function", name: "spawn", parameters: {} }] },
];
const asked = { model: "a/b", input: "Hello", tools: TOOLS, stream: true };

// biome-ignore lint/suspicious/noExplicitAny: an event of any kind, read field by field
type Event = any;

const chunkOf = (delta: ChatDelta): ChatChunk => ({
  choices: [{ index: 0, delta, finish_reason: null, native_finish_reason: null }],
});

/** The events of an answer, as a client reads them. */
function written(chunks: readonly ChatChunk[], last: Ending | AppError): Event[] {
  const writer = responses.read(asked, () => undefined).writer(stamp);
  const text = chunks.map(writer.chunk).join("") + (last instanceof AppError ? writer.error(last) : writer.end(last));
  const blocks = text.split("\n\n").filter(Boolean);
  expect(blocks.pop()).toBe("data: [DONE]");
  return blocks.map((block) => {
    const [name = "", data = ""] = block.split("\n");
    const event = JSON.parse(data.slice("data: ".length));
    expect(name).toBe(`event: ${event.type}`);
    return event;
  });
}

async function* inOrder(chunks: readonly ChatChunk[]) {
  yield* structuredClone(chunks);
}

async function whole(chunks: readonly ChatChunk[], last: Ending): Promise<Event> {
  return (await responses.read({ ...asked, stream: false }, () => undefined).fold(inOrder(chunks), stamp))(last);
}

const TERMINAL = ["response.completed", "response.incomplete", "response.failed"];

/** What a client builds of the events by the grammar of this API, minding that each step is one that may come now. */
function built(events: readonly Event[]): Event[] {
  const items: Event[] = [];
  const over = new Set<number>();
  let part: { at: string; type: string } | undefined;
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(["response.created", "response.in_progress"]);
  expect(events.filter(({ type }) => TERMINAL.includes(type))).toEqual([events.at(-1)]);
  const partAt = (event: Event) =>
    `${event.output_index}.${event.summary_index ?? "text"}.${event.content_index ?? ""}`;
  const inPart = (event: Event, type: string) => expect(part).toEqual({ at: partAt(event), type });
  for (const event of events.slice(2, -1)) {
    const item = items[event.output_index];
    if (event.type !== "response.output_item.added") {
      expect(item, `${event.type} of an item that was not added`).toBeDefined();
      expect(over.has(event.output_index), `${event.type} of an item that is done`).toBe(false);
      if (event.item_id !== undefined) expect(event.item_id).toBe(item.id);
    }
    const held = () =>
      event.summary_index === undefined ? item.content[event.content_index] : item.summary[event.summary_index];
    switch (event.type) {
      case "response.output_item.added":
        expect(event.output_index).toBe(items.length);
        items.push(structuredClone(event.item));
        break;
      case "response.content_part.added":
      case "response.reasoning_summary_part.added": {
        expect(part, "two parts at once").toBeUndefined();
        part = { at: partAt(event), type: event.part.type };
        const parts = event.summary_index === undefined ? (item.content ??= []) : item.summary;
        expect(event.summary_index ?? event.content_index).toBe(parts.length);
        parts.push(structuredClone(event.part));
        break;
      }
      case "response.output_text.delta":
        inPart(event, "output_text");
        expect(event.logprobs).toBeInstanceOf(Array);
        held().text += event.delta;
        held().logprobs.push(...event.logprobs);
        break;
      case "response.reasoning_text.delta":
        inPart(event, "reasoning_text");
        held().text += event.delta;
        break;
      case "response.reasoning_summary_text.delta":
        inPart(event, "summary_text");
        held().text += event.delta;
        break;
      case "response.refusal.delta":
        inPart(event, "refusal");
        held().refusal += event.delta;
        break;
      case "response.output_text.annotation.added":
        inPart(event, "output_text");
        expect(event.annotation_index).toBe(held().annotations.length);
        held().annotations.push(event.annotation);
        break;
      case "response.output_text.done":
      case "response.reasoning_text.done":
      case "response.reasoning_summary_text.done":
        expect(event.text).toBe(held().text);
        break;
      case "response.refusal.done":
        expect(event.refusal).toBe(held().refusal);
        break;
      case "response.content_part.done":
      case "response.reasoning_summary_part.done":
        inPart(event, event.part.type);
        expect(event.part).toEqual(held());
        part = undefined;
        break;
      case "response.function_call_arguments.delta":
        item.arguments += event.delta;
        break;
      case "response.custom_tool_call_input.delta":
        item.input += event.delta;
        break;
      case "response.function_call_arguments.done":
        expect(event).toMatchObject({ arguments: item.arguments, name: item.name });
        break;
      case "response.custom_tool_call_input.done":
        expect(event.input).toBe(item.input);
        break;
      case "response.output_item.done": {
        const { encrypted_content, format, signature, status, ...rest } = event.item;
        const { status: _begun, ...gathered } = item;
        expect(rest).toEqual(gathered);
        items[event.output_index] = event.item;
        over.add(event.output_index);
        break;
      }
      default:
        throw new Error(`${event.type} is no event of this API`);
    }
  }
  if (events.at(-1).type !== "response.failed") {
    expect(part).toBeUndefined();
    expect(over.size).toBe(items.length);
  }
  return items;
}

const word = fc.string({ minLength: 1, maxLength: 6 });
const formats = ["anthropic-claude-v1", "google-gemini-v1", "openai-responses-v1", "unknown"] as const;
const origin = { format: fc.constantFrom(...formats), index: fc.nat(2) };
const id = fc.constantFrom("rs_1", "rs_2");
const detail = fc.oneof(
  fc.record({ type: fc.constant("reasoning.text" as const), text: fc.string({ maxLength: 4 }), ...origin }),
  fc.record({ type: fc.constant("reasoning.text" as const), signature: word, ...origin }),
  fc.record({ type: fc.constant("reasoning.summary" as const), summary: word, id, ...origin }),
  fc.record({ type: fc.constant("reasoning.encrypted" as const), data: word, id, ...origin }),
) as fc.Arbitrary<ReasoningDetail>;
const citation = fc.record({ type: fc.constant("url_citation"), url_citation: fc.record({ url: word, title: word }) });
const delta: fc.Arbitrary<ChatDelta> = fc.oneof(
  fc.record({ content: fc.string({ maxLength: 5 }) }),
  fc.record({ content: word, reasoning_details: fc.array(detail, { maxLength: 2 }) }),
  fc.record({ refusal: word }),
  fc.record({ reasoning: word }),
  fc.record({ reasoning_details: fc.array(detail, { minLength: 1, maxLength: 3 }) }),
  fc.record({ annotations: fc.array(citation, { minLength: 1, maxLength: 2 }) }),
  fc.record({ content: word, annotations: fc.array(citation, { maxLength: 1 }) }),
);
/** Calls begin in order, and their pieces may come side by side. */
const calls = fc
  .array(
    fc.record({
      name: fc.constantFrom("look_up", "patch", "agents__spawn", "elsewhere"),
      pieces: fc.array(word, { maxLength: 3 }),
    }),
    {
      maxLength: 3,
    },
  )
  .map((made) => {
    const begun = made.map(
      ({ name }, index): ChatDelta => ({
        tool_calls: [{ index, id: `call_${index}`, type: "function", function: { name, arguments: "" } }],
      }),
    );
    const pieces = [0, 1, 2].flatMap((turn) =>
      made.flatMap(({ pieces }, index): ChatDelta[] =>
        pieces[turn] === undefined ? [] : [{ tool_calls: [{ index, function: { arguments: pieces[turn] } }] }],
      ),
    );
    return [...begun, ...pieces];
  });
const answer = fc
  .tuple(fc.array(delta, { maxLength: 12 }), calls)
  .map(([said, called]) => [...said, ...called].map(chunkOf));
const reason = fc.constantFrom<FinishReason | null>("stop", "length", "tool_calls", "content_filter", null);

test("any stream of chunks folds into events that the grammar of this API allows, and that say all of it", async () => {
  await fc.assert(
    fc.asyncProperty(answer, reason, async (chunks, why) => {
      const events = written(chunks, ending(why));
      const items = built(events);
      const last = events.at(-1);
      expect(last.response.output).toEqual(items);
      const { choices } = await collect(inOrder(chunks));
      const message = choices[0]?.message;
      expect(textOf(items, "output_text", "text")).toBe(message?.content ?? "");
      expect(textOf(items, "refusal", "refusal")).toBe(message?.refusal ?? "");
      expect(items.filter(({ call_id }) => call_id)).toHaveLength(message?.tool_calls?.length ?? 0);
      const { output_text, ...body } = await whole(chunks, ending(why));
      expect({ ...body, completed_at: 0 }).toEqual({ ...last.response, completed_at: 0 });
      expect(output_text).toBe(message?.content ?? "");
    }),
    { numRuns: 200 },
  );
});

test("every event is one that OpenRouter's own client knows", () => {
  fc.assert(
    fc.property(answer, reason, (chunks, why) => {
      for (const event of written(chunks, ending(why))) {
        const read = StreamEvents$inboundSchema.safeParse(event);
        expect(read.error?.message).toBeUndefined();
        expect(read.data, JSON.stringify(event)).not.toMatchObject({ isUnknown: true });
        expect(read.data?.type).toBe(event.type);
      }
    }),
    { numRuns: 50 },
  );
});

const textOf = (items: readonly Event[], type: string, field: string): string =>
  items
    .flatMap(({ content }) => content ?? [])
    .filter((part) => part.type === type)
    .map((part) => part[field])
    .join("");

test("an answer that breaks off says so with what there is of it; a limit that it met is an end", () => {
  const begun = [chunkOf({ content: "A begin" })];
  const failed = written(begun, new AppError("rate_limit_exceeded", "Too fast.")).at(-1);
  expect(failed).toMatchObject({
    type: "response.failed",
    response: {
      ...{ status: "failed", error: { code: "rate_limit_exceeded", message: "Too fast." } },
      ...{ error_type: "rate_limit_exceeded", output: [{ content: [{ text: "A begin" }] }] },
    },
  });
  const limited = written(begun, new AppError("context_length_exceeded", "Too long.")).at(-1);
  expect(limited).toMatchObject({
    type: "response.incomplete",
    response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, error: null },
  });
});

test("tools are called by the caller's own names, in the form in which he offered them", () => {
  const call = (index: number, name: string, text: string): ChatChunk =>
    chunkOf({ tool_calls: [{ index, id: `call_${index}`, type: "function", function: { name, arguments: text } }] });
  const chunks = [call(0, "look_up", ""), call(1, "patch", '{"input":"*** Begin"}'), call(2, "agents__spawn", "{}")];
  const items = built(written(chunks, ending("tool_calls")));
  expect(items).toMatchObject([
    { type: "function_call", call_id: "call_0", name: "look_up", arguments: "{}" },
    { type: "custom_tool_call", call_id: "call_1", name: "patch", input: "*** Begin" },
    { type: "function_call", call_id: "call_2", name: "spawn", namespace: "agents", arguments: "{}" },
  ]);
});
