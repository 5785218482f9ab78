import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { OpenRouter } from "@openrouter/sdk";
import type { ChatResult, ChatStreamChunk } from "@openrouter/sdk/models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ceilToNanos, formatUsd, parsePrice } from "@/lib/money";
import { startStandIns } from "../../scripts/stand-ins/start.mjs";
import { type App, type Customer, eventually, startApp } from "../app";
import { APP_SECRET, freshDatabase } from "../database";

let standIns: Awaited<ReturnType<typeof startStandIns>>;
let env: Record<string, string>;
let server: App;
let next: App;
let customer: Customer;

/** The same build and database twice: behind the project's own server, and behind `next start` as a platform runs it. */
beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 2 });
  env = { OPENAI_API_KEY: "stand-in", OPENAI_BASE_URL: standIns.openai };
  server = await startApp({ env });
  next = await startApp({ env, databaseUrl: server.databaseUrl, command: ["tests/next-start.mjs"] });
  customer = await server.customer("10");
});

afterAll(async () => {
  await Promise.all([server.stop(), next.stop()]);
  await standIns.stop();
});

const ask = (app: App, body: object) =>
  fetch(`${app.url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${customer.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello" }], ...body }),
  });

/** What differs from one answer to the next by its nature. */
const settledDown = (text: string) => text.replace(/gen-\d+-\w+/g, "gen").replace(/"created":\d+/g, '"created":0');

test.each([{}, { stream: true }, { max_tokens: -1 }, { model: "no/such" }])(
  "both mounts answer %j alike",
  async (body) => {
    const [own, nexts] = await Promise.all([ask(server, body), ask(next, body)]);
    expect(own.status).toBe(nexts.status);
    expect(own.headers.get("content-type")).toBe(nexts.headers.get("content-type"));
    expect(settledDown(await own.text())).toBe(settledDown(await nexts.text()));
  },
);

test("the hot path is truly answered before Next's router, and everything else by it", async () => {
  const isNexts = (answer: Response) => answer.headers.get("vary")?.includes("rsc") ?? false;
  expect(isNexts(await ask(server, {}))).toBe(false);
  expect(isNexts(await ask(next, {}))).toBe(true);
  expect(isNexts(await fetch(`${server.url}/api/v1/keys`))).toBe(true);
});

test("OpenRouter's own SDK takes the answers, whole and streamed", async () => {
  const client = new OpenRouter({
    apiKey: customer.key,
    serverURL: `${server.url}/api/v1`,
    retryConfig: { strategy: "none" },
  });
  const messages = [{ role: "user" as const, content: "Hello" }];
  const model = "openai/gpt-4o-mini";
  const whole = (await client.chat.send({ chatRequest: { model, messages, stream: false } })) as ChatResult;
  expect(whole.choices[0]?.message.content).toMatch(/stand-in/i);
  expect(whole.usage?.cost).toBeGreaterThan(0);
  const stream = (await client.chat.send({
    chatRequest: { model, messages, stream: true },
  })) as unknown as AsyncIterable<ChatStreamChunk>;
  let text = "";
  let cost = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    cost = chunk.usage?.cost ?? cost;
  }
  expect(text).toMatch(/stand-in/i);
  expect(cost).toBeGreaterThan(0);
});

test("every generation explains its cost to the last nano-dollar, to its own account alone", async () => {
  const answer = await (await ask(server, {})).json();
  const look = async (key: string) =>
    (
      await fetch(`${server.url}/api/v1/generation?id=${answer.id}`, { headers: { authorization: `Bearer ${key}` } })
    ).json();
  const { data } = await eventually(
    () => look(customer.key),
    (body) => body.data !== undefined,
  );
  expect(data).toMatchObject({
    id: answer.id,
    model: "openai/gpt-4o-mini",
    provider_name: "OpenAI",
    total_cost: answer.usage.cost,
  });
  const { explanation } = data;
  expect(explanation.lines).toEqual([
    { what: "prompt", count: answer.usage.prompt_tokens, price: "0.00000015", amount: expect.any(String) },
    { what: "completion", count: answer.usage.completion_tokens, price: "0.0000006", amount: expect.any(String) },
  ]);
  const sum = explanation.lines.reduce(
    (total: bigint, line: { amount: string }) => total + parsePrice(line.amount),
    0n,
  );
  expect(formatUsd(ceilToNanos(sum))).toBe(explanation.charged);
  expect(Number(explanation.charged)).toBe(answer.usage.cost);
  const stranger = await server.customer("1");
  expect(await look(stranger.key)).toMatchObject({ error: { code: 404 } });
  const client = new OpenRouter({
    apiKey: customer.key,
    serverURL: `${server.url}/api/v1`,
    retryConfig: { strategy: "none" },
  });
  const typed = await client.generations.getGeneration({ id: answer.id });
  expect(typed.data.totalCost).toBe(answer.usage.cost);
});

test("the models that can be called are listed as OpenRouter's SDK and OpenAI's read them, page by page", async () => {
  const openai = await customer.client.models.list();
  expect(openai.data.map(({ id }) => id)).toContain("openai/gpt-4o-mini");
  const all = await (await fetch(`${server.url}/api/v1/models`)).json();
  expect(all.total_count).toBe(all.data.length);
  expect(all.links.next).toBeNull();
  const mini = all.data.find(({ id }: { id: string }) => id === "openai/gpt-4o-mini");
  expect(mini.pricing).toMatchObject({
    prompt: "0.00000015",
    completion: "0.0000006",
    input_cache_read: "0.000000075",
  });
  const second = await (await fetch(`${server.url}/api/v1/models?offset=1&limit=1`)).json();
  expect(second.data).toEqual([all.data[1]]);
  expect(second.links.next).toContain("offset=2");
  const client = new OpenRouter({
    apiKey: customer.key,
    serverURL: `${server.url}/api/v1`,
    retryConfig: { strategy: "none" },
  });
  const ids: string[] = [];
  for await (const page of await client.models.list({})) ids.push(...page.result.data.map(({ id }) => id));
  expect(ids).toEqual(all.data.map(({ id }: { id: string }) => id));
});

test("the process is alive, and ready while its database answers", async () => {
  expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  expect(await (await fetch(`${server.url}/api/ready`)).json()).toEqual({
    status: "ok",
    database: true,
    draining: false,
  });
});

test("the first page shows what can be called", async () => {
  const page = await (await fetch(server.url)).text();
  expect(page).toContain("openai/gpt-4o-mini");
  expect(page).not.toContain("anthropic/claude-sonnet-4.5");
});

const run = (settings: Record<string, string>) =>
  spawnSync(process.execPath, ["server.mjs"], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: "0", ...settings } as NodeJS.ProcessEnv,
    encoding: "utf8",
    timeout: 30_000,
  });

test("a bad setting stops the server with a sentence that names it", () => {
  const { status, stdout, stderr } = run({ DATABASE_URL: "postgres://u@127.0.0.1:1/x", APP_SECRET: "tooshort" });
  expect(status).toBe(1);
  expect(stdout + stderr).toContain("APP_SECRET must have at least 32 characters");
  expect(stdout + stderr).not.toContain("tooshort");
});

test("a database that is not there stops the server too", () => {
  const { status, stdout, stderr } = run({ DATABASE_URL: "postgres://u@127.0.0.1:9/x", APP_SECRET });
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/ECONNREFUSED/);
});

test("a taken port is said so", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as { port: number };
  const { status, stderr } = await new Promise<ReturnType<typeof run>>((resolve) => {
    void freshDatabase().then((DATABASE_URL) => resolve(run({ DATABASE_URL, APP_SECRET, PORT: String(port) })));
  });
  holder.close();
  expect(status).toBe(1);
  expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken`);
});
