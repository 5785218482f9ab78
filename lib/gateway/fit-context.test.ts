import { desc } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { generations } from "@/db/schema";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { messages } from "./messages";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;
let ada: { accountId: string; key: string };

beforeAll(async () => {
  gateway = await routedGateway([
    { model: "test/small", provider: "alpha", endpoint: { contextLength: 8_192 } },
    { model: "test/small", provider: "beta", endpoint: { contextLength: 4_096 } },
    { model: "test/large", provider: "gamma" },
  ]);
  ada = await gateway.customer();
});
afterAll(() => gateway.stop());

type Sent = { role: string; content: string }[];
const TOLD = { "x-openrouter-metadata": "enabled" };
const ask = (body: object) =>
  gateway.call(chatCompletions, ada.key, {
    body: { model: "test/small", messages: turns(30), ...body },
    headers: TOLD,
  });
/** Each of about 1,000 tokens. */
const turns = (count: number) => [
  { role: "system", content: "Be brief." },
  ...Array.from({ length: count }, (_, n) => ({
    role: n % 2 ? "assistant" : "user",
    content: `${n}: ${"of the many words that are said, few are heard ".repeat(100)}`,
  })),
];
const asked = () =>
  gateway.sent().map(({ provider, body }) => ({ provider, ...body })) as unknown as {
    provider: string;
    messages: Sent;
    max_tokens?: number;
    max_completion_tokens?: number;
  }[];

test("where the context is small, a prompt that is too long for it loses its middle, and the log says so", async () => {
  const { status, json } = await ask({});
  expect(status).toBe(200);
  const [first] = asked();
  const sent = first?.messages ?? [];
  expect(first?.provider).toBe("alpha");
  expect(sent[0]).toEqual({ role: "system", content: "Be brief." });
  expect(sent.at(-1)?.content).toMatch(/^29: .* heard $/);
  expect(sent[1]?.content).toMatch(/^0: /);
  expect(sent.length).toBeGreaterThan(4);
  expect(sent.length).toBeLessThan(9);
  expect(first?.max_tokens ?? first?.max_completion_tokens).toBe(1_000);
  const step = {
    ...{ type: "context_compression", name: "context-compression" },
    data: { engine: "middle-out", messages_left_out: 31 - sent.length, messages_shortened: expect.any(Number) },
  };
  expect(json.openrouter_metadata.pipeline).toMatchObject([step]);
  const [row] = await db().select().from(generations).orderBy(desc(generations.createdAt)).limit(1);
  expect(row?.route?.pipeline).toMatchObject([step]);
});

test.each([[{ plugins: [{ id: "context-compression", enabled: false }] }], [{ transforms: [] }]])(
  "it does not with %j",
  async (body) => {
    const { status, json } = await ask(body);
    expect([status, json.error.message]).toEqual([404, expect.stringContaining("The prompt is at least")]);
    expect(asked()).toEqual([]);
  },
);

test.each([
  [{ plugins: [{ id: "context-compression" }] }],
  [{ plugins: [{ id: "context-compression", engine: "middle-out" }] }],
  [{ transforms: ["middle-out"] }],
])("where the context is larger, it does with %j", async (body) => {
  const { status } = await ask({ model: "test/large", messages: turns(200), ...body });
  expect(status).toBe(200);
  expect(asked()[0]?.messages.length).toBeLessThan(25);
  expect((await ask({ model: "test/large", messages: turns(200) })).status).toBe(404);
  expect(asked()).toEqual([]);
});

test("what fits goes as it is, and so does what fits at a fallback", async () => {
  const body = { plugins: [{ id: "context-compression" }] };
  expect((await ask({ ...body, messages: turns(4) })).json.openrouter_metadata).not.toHaveProperty("pipeline");
  expect(asked()[0]?.messages).toHaveLength(5);
  expect((await ask({ ...body, messages: turns(14), models: ["test/large"] })).status).toBe(200);
  expect(asked()).toMatchObject([{ provider: "gamma", messages: { length: 15 } }]);
});

test("an engine that nobody knows is refused", async () => {
  const { status, json } = await ask({ plugins: [{ id: "context-compression", engine: "best" }] });
  expect([status, json.error.message]).toEqual([400, expect.stringContaining("middle-out")]);
});

test("it is the same through the other doors", async () => {
  const words = turns(30).slice(1);
  const anthropic = await gateway.call(messages, ada.key, {
    body: { model: "test/small", max_tokens: 500, messages: words },
  });
  expect(anthropic.status).toBe(200);
  const openai = await gateway.call(responses, ada.key, { body: { model: "test/small", input: words } });
  expect(openai.status).toBe(200);
  for (const { messages } of asked()) expect(messages.length).toBeLessThan(9);
});
