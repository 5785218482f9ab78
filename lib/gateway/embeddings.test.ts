import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { findAccount, findDrift } from "@/db/queries/accounts";
import { settled } from "@/lib/billing/settle";
import { callHandler, newCustomer } from "@/tests/call-handler";
import { useFreshDatabase } from "@/tests/database";
import { chatCompletions } from "./chat-completions";
import { embeddings } from "./embeddings";
import { getGeneration } from "./generation-api";

/** OpenAI's and Google's embeddings at one address; OpenAI's breaks on request. */
let upstream: Server;
let broken = false;
let seen: string[] = [];

const OPENAI = "openai/text-embedding-3-small";
const GOOGLE = "google/gemini-embedding-001";
const VECTOR = [0.5, -0.25, 1];

beforeAll(async () => {
  upstream = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    const body = JSON.parse(text);
    seen.push(request.url ?? "");
    const openai = request.url === "/v1/embeddings";
    response.writeHead(openai && broken ? 500 : 200, { "content-type": "application/json" });
    if (openai && broken) return response.end("{}");
    const answer = openai
      ? {
          data: body.input.map((_: unknown, index: number) => ({ object: "embedding", index, embedding: VECTOR })),
          usage: { prompt_tokens: 1_000, total_tokens: 1_000 },
        }
      : { embeddings: body.requests.map(() => ({ values: VECTOR })) };
    response.end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  await useFreshDatabase();
  Object.assign(process.env, {
    ...{ OPENAI_API_KEY: "stand-in", OPENAI_BASE_URL: `${url}/v1` },
    ...{ GOOGLE_API_KEY: "stand-in", GOOGLE_GEMINI_BASE_URL: url },
  });
});

afterAll(async () => {
  await settled();
  expect(await findDrift(db())).toMatchObject({ accounts: [], keys: [], usage: [] });
  upstream.closeAllConnections();
  upstream.close();
  await closeDatabase();
});

/** Long enough for the thousand tokens that the upstream counts. */
const LONG = "word ".repeat(600);

async function embed(key: string, body: object) {
  seen = [];
  const answer = await callHandler(embeddings, key, { body });
  await settled();
  return answer;
}

/** Nano-dollars; nothing may stay held. */
async function balanceOf(accountId: string): Promise<bigint> {
  const account = await findAccount(db(), accountId);
  expect(account?.heldNano).toBe(0n);
  return account?.postedNano ?? 0n;
}

const rowOf = async (id: string) =>
  (await moneyStatement<Record<string, unknown>[]>((sql) => sql`select * from generations where id = ${id}`))[0];

test("inputs become embeddings in their order, at the price of their tokens, and the bill explains itself", async () => {
  const { key, accountId } = await newCustomer();
  const { status, json, headers } = await embed(key, { model: OPENAI, input: [LONG, LONG] });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    object: "list",
    model: OPENAI,
    provider: "OpenAI",
    data: [0, 1].map((index) => ({ object: "embedding", index, embedding: VECTOR })),
    usage: { prompt_tokens: 1_000, total_tokens: 1_000, cost: 0.00002, is_byok: false },
  });
  expect(headers["x-generation-id"]).toBe(json.id);
  expect(await balanceOf(accountId)).toBe(10_000_000_000n - 20_000n);
  expect(await rowOf(json.id)).toMatchObject({ outcome: "completed", input_tokens: 1_000, output_tokens: 0 });
  const told = await callHandler(getGeneration, key, { query: `id=${json.id}` });
  expect(told.json.data).toMatchObject({ api_type: "embeddings", total_cost: 0.00002, streamed: false });
});

test("base64 is what OpenAI's clients read: 32-bit floats", async () => {
  const { key } = await newCustomer();
  const { json } = await embed(key, { model: OPENAI, input: "Hello there", encoding_format: "base64" });
  const bytes = Buffer.from(json.data[0].embedding, "base64");
  expect([...new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)]).toEqual(VECTOR);
});

test("where a provider counts nothing the tokens are estimated, and paid for", async () => {
  const { key, accountId } = await newCustomer();
  const { json } = await embed(key, { model: GOOGLE, input: ["Hello there", "How are you?"], dimensions: 3 });
  expect(json.data).toHaveLength(2);
  expect(await rowOf(json.id)).toMatchObject({ usage_source: "estimate", outcome: "completed" });
  expect(json.usage.prompt_tokens).toBeGreaterThan(3);
  const paid = 10_000_000_000n - (await balanceOf(accountId));
  expect(paid).toBe(BigInt(json.usage.prompt_tokens) * 150n);
});

test("a model whose provider fails is replaced by the next one named", async () => {
  const { key } = await newCustomer();
  broken = true;
  const { json } = await embed(key, { model: OPENAI, models: [GOOGLE], input: "Hello there" });
  broken = false;
  expect(json).toMatchObject({ model: GOOGLE, provider: "Google AI Studio" });
  expect(seen).toEqual([
    "/v1/embeddings",
    // It is asked once more first.
    "/v1/embeddings",
    "/v1beta/models/gemini-embedding-001:batchEmbedContents",
  ]);
});

test("inputs that together are longer than the context are inputs all the same, and each is paid for", async () => {
  const { key } = await newCustomer();
  const { status, json } = await embed(key, { model: GOOGLE, input: Array(10).fill("word ".repeat(1_500)) });
  expect(status).toBe(200);
  expect(json.data).toHaveLength(10);
  expect(json.usage.prompt_tokens).toBeGreaterThan(15_000);
});

test("who cannot pay for all inputs gets none of them, and nobody is asked", async () => {
  const { key } = await newCustomer("0.00001");
  const { status, json } = await embed(key, { model: OPENAI, input: Array(100).fill(LONG) });
  expect({ status, asked: seen }).toEqual({ status: 402, asked: [] });
  expect(json.error.metadata.error_type).toBe("payment_required");
});

test.each([
  ["a length that the model does not have", 404, { model: "openai/text-embedding-ada-002", input: "a", dimensions: 8 }],
  ["a model that talks", 400, { model: "openai/gpt-4o-mini", input: "a" }],
  ["no input", 400, { model: OPENAI }],
  ["an empty input", 400, { model: OPENAI, input: ["a", ""] }],
  ["an input that is a picture", 400, { model: OPENAI, input: [{ content: [{ type: "image_url" }] }] }],
  ["tokens for one who has others", 400, { model: GOOGLE, input: [[1, 2]] }],
])("%s is refused with a reason (%i)", async (_, expected, body) => {
  const { key, accountId } = await newCustomer();
  const { status, json } = await embed(key, body);
  expect(status).toBe(expected);
  expect(json.error.message).toMatch(/dimension|one length|embedding|input|token/);
  expect(await balanceOf(accountId)).toBe(10_000_000_000n);
});

test("a model that embeds does not talk", async () => {
  const { key } = await newCustomer();
  const body = { model: OPENAI, messages: [{ role: "user", content: "Hello" }] };
  expect(await callHandler(chatCompletions, key, { body })).toMatchObject({ status: 400 });
});
