import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { settled } from "@/lib/billing/settle";
import { nodeListener } from "@/lib/http/node-listener";
import { hashApiKey } from "@/lib/keys/api-key";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { sign } from "@/lib/protocol/foreign-thoughts";
import { transcriptsIn } from "@/lib/providers/testing/transcripts";
import { useFreshDatabase } from "@/tests/database";
import { countMessageTokens } from "./count-tokens";
import { messages } from "./messages";
import { savePreset } from "./presets";

type Json = Record<string, unknown>;
type Heard = { headers: IncomingHttpHeaders; body: Json };

/** What Anthropic would answer, streamed and whole; and what it heard. */
let answer: { sse: string; whole: Json };
let heard: Heard[] = [];
let upstream: Server;
let gateway: Server;
let direct: Anthropic;
let client: Anthropic;
let poor: Anthropic;

const MODEL = "anthropic/claude-sonnet-4.6";
const UPSTREAM_MODEL = "claude-sonnet-4-6";

beforeAll(async () => {
  await useFreshDatabase();
  upstream = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    const body = JSON.parse(text);
    heard.push({ headers: request.headers, body });
    response.writeHead(200, { "content-type": body.stream ? "text/event-stream" : "application/json" });
    response.end(body.stream ? answer.sse : JSON.stringify(answer.whole));
  });
  gateway = createServer((request, response) =>
    nodeListener(request.url?.endsWith("/count_tokens") ? countMessageTokens : messages)(request, response),
  );
  const upstreamUrl = await listening(upstream);
  Object.assign(process.env, {
    OPENAI_API_KEY: "stand-in",
    ANTHROPIC_API_KEY: "stand-in",
    ANTHROPIC_BASE_URL: upstreamUrl,
  });
  const baseURL = `${await listening(gateway)}/api`;
  direct = new Anthropic({ apiKey: "stand-in", baseURL: upstreamUrl, maxRetries: 0 });
  client = new Anthropic({ apiKey: await keyWith("100"), baseURL, maxRetries: 0 });
  poor = new Anthropic({ apiKey: await keyWith("0.0001"), baseURL, maxRetries: 0 });
});

async function keyWith(credits: string): Promise<string> {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { id, accountId } = user;
  await creditAccount(accountId, { amount: parseUsd(credits), kind: "adjustment", source: "test", sourceId: id });
  return (await mintKey({ accountId, name: "test" })).key;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => {
  heard = [];
});

afterAll(async () => {
  await settled();
  expect(await findDrift(db())).toMatchObject({ accounts: [], keys: [], usage: [] });
  for (const server of [gateway, upstream]) {
    server.closeAllConnections();
    server.close();
  }
  await closeDatabase();
});

/** All that differs on purpose: who answers under which id, and what it cost. */
const PLAIN = { id: "id", model: "model", provider: undefined };
const withoutCost = (usage: unknown) => ({
  ...(usage as Json),
  cost: undefined,
  is_byok: undefined,
  cost_details: undefined,
});
const plainMessage = (message: object): Json => ({ ...message, ...PLAIN, usage: withoutCost((message as Json).usage) });

function plainEvent(event: Json): Json {
  if (event.type === "message_start") return { ...event, message: plainMessage(event.message as Json) };
  return event.usage ? { ...event, usage: withoutCost(event.usage) } : event;
}

async function whole(to: Anthropic, body: Json): Promise<Json> {
  return plainMessage(await to.messages.create(body as unknown as MessageCreateParamsNonStreaming));
}

async function streamed(to: Anthropic, body: Json): Promise<Json[]> {
  const stream = await to.messages.create({ ...(body as unknown as MessageCreateParamsNonStreaming), stream: true });
  const events: Json[] = [];
  for await (const event of stream) events.push(plainEvent(event as unknown as Json));
  return events;
}

const sse = (...events: { type: string }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

/** Blocks, reasons and fields that nothing else here knows. */
const usage = { input_tokens: 40, output_tokens: 12, service_tier: "standard", novel_count: 3 };
const head = { id: "msg_1", type: "message", role: "assistant", model: UPSTREAM_MODEL, container: { id: "c1" } };
const novel = { type: "novel_block", parts: [{ deep: true }] };
const citation = { type: "char_location", cited_text: "x", document_index: 0, start_char_index: 0, end_char_index: 1 };
const end = { stop_reason: "pause_turn", stop_sequence: "END", stop_details: { type: "novel" } };
const management = { applied_edits: [{ type: "clear_tool_uses_20250919", cleared_tool_uses: 2 }] };
const unheardOf = {
  name: "blocks, deltas, reasons and fields that were never heard of",
  whole: {
    ...head,
    content: [novel, { type: "text", text: "ab", citations: [citation] }],
    ...end,
    context_management: management,
    usage,
  },
  sse: sse(
    ...([
      { type: "message_start", message: { ...head, content: [], ...end, stop_reason: null, usage } },
      { type: "content_block_start", index: 0, content_block: novel },
      { type: "content_block_delta", index: 0, delta: { type: "novel_delta", x: 1 } },
      { type: "content_block_stop", index: 0 },
      { type: "novel_event", anything: [1] },
      { type: "content_block_start", index: 1, content_block: { type: "text", text: "", citations: [] } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "ab" } },
      { type: "content_block_delta", index: 1, delta: { type: "citations_delta", citation } },
      { type: "content_block_stop", index: 1 },
      { type: "message_delta", delta: end, usage, context_management: management },
      { type: "message_stop" },
    ] as { type: string }[]),
  ),
};

const said = [
  { ...unheardOf },
  ...transcriptsIn("anthropic").flatMap(({ name, bytes, whole: body }) =>
    body ? [{ name, sse: bytes.toString("utf8"), whole: body }] : [],
  ),
];

const ask = { model: MODEL, max_tokens: 400, messages: [{ role: "user", content: "Hello" }] };
const askDirect = { ...ask, model: UPSTREAM_MODEL };

describe("what Anthropic says reaches Anthropic's client as it was said", () => {
  test.each(said)("whole: $name", async (told) => {
    answer = told;
    expect(await whole(client, ask)).toEqual(await whole(direct, askDirect));
  });

  test.each(said)("in events: $name", async (told) => {
    answer = told;
    expect(await streamed(client, ask)).toEqual(await streamed(direct, askDirect));
  });
});

const MARK = { type: "ephemeral", ttl: "1h" };
const PIXEL = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const everything = {
  max_tokens: 4_000,
  system: [{ type: "text", text: "Be brief.", cache_control: MARK }],
  messages: [
    {
      role: "user",
      content: [
        { type: "image", source: PIXEL },
        { type: "text", text: "What is it?" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Let me look.", signature: "c2ln" },
        { type: "redacted_thinking", data: "cmVk" },
        { type: "text", text: "I look." },
        { type: "tool_use", id: "toolu_1", name: "look", input: { at: "it" } },
        { type: "tool_use", id: "toolu_2", name: "look", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_1",
          is_error: true,
          content: [
            { type: "text", text: "Seen" },
            { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
          ],
        },
        { type: "tool_result", tool_use_id: "toolu_2", cache_control: MARK },
        {
          type: "document",
          title: "A",
          citations: { enabled: true },
          source: { type: "text", media_type: "text/plain", data: "Text" },
        },
        { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "x" }] },
        { type: "novel_block", of: [{ any: "kind" }] },
      ],
    },
  ],
  tools: [
    {
      name: "look",
      description: "Looks",
      input_schema: { type: "object", $schema: "x", properties: {} },
      strict: true,
    },
    { type: "bash_20250124", name: "bash" },
  ],
  tool_choice: { type: "auto", disable_parallel_tool_use: true },
  thinking: { type: "enabled", budget_tokens: 2_000, display: "omitted" },
  output_config: { effort: "high" },
  context_management: { edits: [{ type: "clear_tool_uses_20250919", keep: { type: "tool_uses", value: 3 } }] },
  metadata: { user_id: "user-1" },
  stop_sequences: ["A", "B", "C", "D", "E"],
  service_tier: "standard_only",
};

test.each([true, false])("what a caller says reaches Anthropic as he said it (stream: %s)", async (stream) => {
  answer = unheardOf;
  const headers = { "anthropic-beta": "context-management-2025-06-27,context-1m-2025-08-07,novel-2026-01-01" };
  const body = { ...everything, ...(stream && { stream }) } as unknown as MessageCreateParamsNonStreaming;
  const own = { provider: { only: ["anthropic"] }, session_id: "s", trace: { a: 1 }, user: "u", models: [MODEL] };
  await direct.messages.create({ ...body, model: UPSTREAM_MODEL }, { headers });
  const answered = await client.messages.create({ ...body, ...own, model: MODEL }, { headers });
  if (stream) for await (const _ of answered as unknown as AsyncIterable<unknown>);
  const [there, here] = heard;
  expect(here?.body).toEqual(there?.body);
  expect(here?.headers["anthropic-beta"]).toBe("context-management-2025-06-27,novel-2026-01-01");
  expect(here?.headers["anthropic-version"]).toBe(there?.headers["anthropic-version"]);
});

test.each([
  { tools: [{ type: "web_search_20250305", name: "web_search" }] },
  { tools: [{ type: "code_execution_20250825", name: "code_execution" }] },
  {
    messages: [
      ...ask.messages,
      {
        role: "system",
        content: [
          {
            type: "tool_addition",
            tool: { type: "tool_definition", definition: { type: "web_search_20250305", name: "web_search" } },
          },
        ],
      },
    ],
  },
  { mcp_servers: [{ type: "url", url: "https://example.com", name: "a" }] },
  { container: "c1" },
  { speed: "fast" },
  { inference_geo: "us" },
  { context_management: { edits: [{ type: "compact_20260112" }] } },
])("what has a price that no hold bounds is refused, and not sent: %j", async (costly) => {
  await expect(whole(client, { ...ask, ...costly })).rejects.toMatchObject({
    status: 400,
    type: "invalid_request_error",
    message: expect.stringContaining("not served here"),
  });
  expect(heard).toEqual([]);
});

test("a caller cannot say more to an upstream than a door lets him", async () => {
  answer = unheardOf;
  await whole(client, { ...ask, native: { dialect: "anthropic", body: { speed: "fast" }, headers: {}, unspoken: [] } });
  expect(heard[0]?.body).toEqual({ model: UPSTREAM_MODEL, max_tokens: 400, messages: ask.messages });
});

test("an answer says what it cost, and that is what was booked", async () => {
  answer = { sse: "", whole: { ...unheardOf.whole, usage: { ...usage, cache_read_input_tokens: 1_000 } } };
  const { id, usage: told } = (await client.messages.create(ask as MessageCreateParamsNonStreaming)) as unknown as {
    id: string;
    usage: Json;
  };
  await settled();
  const found = await db().execute<{ cost: string }>(sql`select cost_nano as cost from generations where id = ${id}`);
  // 40 × $3, 1,000 × $0.30 and 12 × $15 a million.
  expect(told).toMatchObject({ cost: 0.0006, is_byok: false, input_tokens: 40, novel_count: 3 });
  expect(found[0]?.cost).toBe("600000");
});

test("another model's thoughts do not go to Claude, and with them gone it is not made to go on thinking", async () => {
  answer = unheardOf;
  const foreign = sign({ type: "reasoning.text", format: "google-gemini-v1" });
  const call = { type: "tool_use", id: "toolu_1", name: "look", input: {} };
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Seen" }] };
  const turns = (thoughts: Json[]) => [...ask.messages, { role: "assistant", content: [...thoughts, call] }, result];
  const thinking = { type: "enabled", budget_tokens: 2_000 };
  const tools = [{ name: "look", input_schema: { type: "object" } }];
  await whole(client, {
    ...{ ...ask, max_tokens: 4_000, thinking, tools },
    messages: turns([
      { type: "thinking", thinking: "Hm", signature: foreign },
      { type: "redacted_thinking", data: foreign },
      { type: "thinking", thinking: "Unsigned", signature: "" },
    ]),
  });
  expect(heard[0]?.body).toMatchObject({ messages: turns([]), tools });
  expect(heard[0]?.body.thinking).toBeUndefined();
});

test("a budget for thoughts stays below the cap that the balance pays for", async () => {
  answer = unheardOf;
  await whole(client, { ...ask, max_tokens: 2_000, thinking: { type: "enabled", budget_tokens: 9_000 } });
  expect(heard[0]?.body.thinking).toEqual({ type: "enabled", budget_tokens: 1_999 });
});

test("a cap beyond what the model can is no reason to refuse", async () => {
  answer = unheardOf;
  await streamed(client, { ...ask, model: "claude-haiku-4-5-20251001", max_tokens: 1_000_000 });
  expect(heard[0]?.body).toMatchObject({ model: "claude-haiku-4-5", max_tokens: 64_000 });
});

test("a preset is heard where the caller's own words would go", async () => {
  answer = { sse: "", whole: { ...unheardOf.whole, content: [{ type: "text", text: "Hi" }] } };
  const [found] = await db().execute<{ id: string }>(
    sql`select account_id as id from api_keys where hash = ${hashApiKey(String(client.apiKey))}`,
  );
  const accountId = found?.id ?? "";
  await savePreset(accountId, "brief", { config: { model: MODEL, top_k: 7 }, systemPrompt: "Be brief." });
  const body = { ...ask, model: "@preset/brief" };
  expect(await whole(client, body)).toMatchObject({ type: "message", content: [{ type: "text", text: "Hi" }] });
  expect(heard[0]?.body).toMatchObject({ system: [{ type: "text", text: "Be brief." }], top_k: 7 });
  const tools = [{ type: "bash_20250124", name: "bash" }];
  await expect(whole(client, { ...body, tools })).rejects.toThrow("Beside a preset, tools of type bash_20250124");
});

test("what only Claude knows goes to Claude only", async () => {
  const tools = [{ type: "bash_20250124", name: "bash" }];
  const content = [{ type: "novel_block" }, { type: "text", text: "Hello" }];
  await expect(
    whole(client, { ...ask, model: "openai/gpt-4o-mini", tools, messages: [{ role: "user", content }] }),
  ).rejects.toMatchObject({
    status: 404,
    type: "not_found_error",
    message: expect.stringContaining("knows no content of type novel_block and no tools of type bash_20250124"),
  });
});

test("a prompt is counted without being sent", async () => {
  const one = await client.messages.countTokens({ model: UPSTREAM_MODEL, messages: [{ role: "user", content: "Hi" }] });
  const many = await client.messages.countTokens({
    model: UPSTREAM_MODEL,
    messages: [{ role: "user", content: "Hi there. ".repeat(1_000) }],
  });
  expect(many.input_tokens - one.input_tokens).toBeGreaterThan(2_000);
  expect(heard).toEqual([]);
});

test.each([
  [
    "a key that is none",
    () => client.withOptions({ apiKey: "x" }),
    {},
    Anthropic.AuthenticationError,
    "authentication",
  ],
  ["a model that nobody knows", () => client, { model: "no/such" }, Anthropic.BadRequestError, "invalid_request"],
  ["no messages", () => client, { messages: [] }, Anthropic.BadRequestError, "invalid_request"],
  ["more than the balance", () => poor, { max_tokens: 20_000 }, Anthropic.APIError, "billing"],
] as const)("%s is an error of Anthropic's kind", async (_, asking, body, kind, type) => {
  const error = await whole(asking(), { ...ask, ...body }).catch((error) => error);
  expect(error).toBeInstanceOf(kind);
  expect(error.error).toMatchObject({ type: "error", error: { type: `${type}_error` } });
});

test("with OpenRouter's header an answer says how it was routed", async () => {
  answer = unheardOf;
  const headers = { "x-openrouter-metadata": "enabled" };
  const told = await client.messages.create(ask as MessageCreateParamsNonStreaming, { headers });
  expect(told).toMatchObject({ openrouter_metadata: { requested: MODEL } });
});
