import type OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../app";
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
  const hello = () => responses().create({ model: "openai/gpt-oss-20b", input: "Hello" });
  await eventually(
    () => hello().catch(() => undefined),
    (answer) => answer !== undefined,
  );
});

afterAll(async () => {
  await served?.close();
  await upstream?.stop();
});

const responses = () => served.customer.client.responses;
const CITY = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
const question = { role: "user" as const, content: PLEASE.think };

type Items = OpenAI.Responses.ResponseInputItem[];
type Thought = OpenAI.Responses.ResponseReasoningItem;

describe.each(THINKERS)("openai: thoughts of $format", ({ model, signed, thoughtIn }) => {
  const ask = (input: Items, stream: boolean) => {
    const body = {
      ...{ model, input, include: ["reasoning.encrypted_content" as const] },
      reasoning: { effort: "medium" as const, summary: "auto" as const },
      tools: [{ type: "function" as const, name: "get_weather", parameters: CITY, strict: false }],
    };
    return stream ? responses().stream(body).finalResponse() : responses().create(body);
  };

  test.each([false, true])(
    "are shown, and come back to the upstream by their encrypted content alone (stream: %s)",
    async (stream) => {
      const first = await ask([question], stream);
      const [thought, call] = first.output as [Thought, OpenAI.Responses.ResponseFunctionToolCall];
      const shown = [...thought.summary, ...(thought.content ?? [])].map(({ text }) => text).join("");
      expect(shown).toBe(THOUGHTS.call);
      expect(first.usage?.output_tokens_details.reasoning_tokens).toBe(USAGE.reasoning);
      const { id, encrypted_content } = thought;
      const kept: Thought = { type: "reasoning", id, summary: [], encrypted_content };
      const result = { type: "function_call_output" as const, call_id: call.call_id, output: '{"celsius":-3}' };
      const second = await ask([question, kept, call, result], stream);
      expect(second.output_text).toBe(ANSWER);
      expect(thoughtIn(upstream.requests.at(-1))).toEqual(signed);
    },
  );
});

describe.each(FORMATS)("openai: failures of $format", ({ model }) => {
  test("an answer that breaks off ends in response.failed, and is not charged", async () => {
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await responses().create({ model, input: PLEASE.break, stream: true }))
      events.push(event);
    const last = events.at(-1) as OpenAI.Responses.ResponseFailedEvent;
    expect(last).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { code: "server_error" } },
    });
    expect(await served.booked(last.response.id)).toMatchObject({ outcome: "failed", charged: null });
  });

  test("a refusal is told with its status and the upstream's words", async () => {
    const refused = responses().create({ model, input: PLEASE.refuse });
    await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining("As you asked") });
    await expect(responses().create({ model, input: PLEASE.throttle })).rejects.toMatchObject({ status: 429 });
  });

  // Google would bill on, and is heard to its end instead.
  test.skipIf(model.startsWith("google/"))(
    "a caller who leaves ends it upstream, and pays for what there was",
    async () => {
      const before = upstream.abandoned();
      const stream = await responses().create({ model, input: PLEASE.goOn, stream: true });
      let id = "";
      for await (const event of stream) {
        if (event.type === "response.created") id = event.response.id;
        if (event.type === "response.output_text.delta") break;
      }
      expect(
        await eventually(
          async () => upstream.abandoned(),
          (count) => count > before,
        ),
      ).toBeGreaterThan(before);
      expect(await served.booked(id)).toMatchObject({ outcome: "cancelled", charged: expect.any(String) });
    },
  );
});
