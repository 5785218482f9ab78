import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { findDrift } from "@/db/queries/accounts";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { runningGenerations } from "@/lib/billing/heartbeat";
import { settled } from "@/lib/billing/settle";
import { seal } from "@/lib/seal";
import { newCustomer } from "@/tests/call-handler";
import { useFreshDatabase } from "@/tests/database";
import { chatCompletions } from "./chat-completions";
import { lastCall } from "./draining";

let upstream: Server;
let answer: (response: ServerResponse) => void;
let customer: Awaited<ReturnType<typeof newCustomer>>;

const word = (text: string) =>
  `data: ${JSON.stringify({ id: "up", object: "chat.completion.chunk", created: 1, model: "up", choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;

beforeAll(async () => {
  await useFreshDatabase();
  upstream = createServer((request, response) => {
    request.resume().on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  const model = { slug: "test/one", companySlug: "test", name: "One", contextLength: 20_000, tokenizer: "Other" };
  await insertModel(db(), model, "Test");
  const sealedApiKey = seal("k", "providers.alpha");
  await upsertProvider(db(), { slug: "alpha", name: "Alpha", kind: "openai", baseUrl, sealedApiKey });
  await upsertEndpoint(
    db(),
    { modelSlug: "test/one", providerSlug: "alpha", upstreamModel: "up", contextLength: 20_000, maxOutput: 5_000 },
    { promptPico: 1_000_000n, completionPico: 2_000_000n },
  );
  customer = await newCustomer();
});

afterAll(async () => {
  await settled();
  expect(await findDrift(db())).toMatchObject({ accounts: [], keys: [], usage: [] });
  upstream.closeAllConnections();
  upstream.close();
  await closeDatabase();
});

const ask = (stream: boolean) =>
  chatCompletions({
    method: "POST",
    path: "/api/v1/chat/completions",
    query: new URLSearchParams(),
    header: (name) => (name.toLowerCase() === "authorization" ? `Bearer ${customer.key}` : undefined),
    text: async () => JSON.stringify({ model: "test/one", messages: [{ role: "user", content: "Count." }], stream }),
    signal: new AbortController().signal,
  });

async function quiet() {
  for (let tries = 0; tries < 100 && runningGenerations() > 0; tries++) await sleep(50);
  await settled();
  expect(runningGenerations()).toBe(0);
}

const logged = () =>
  moneyStatement<{ outcome: string; error: string; cost: string }[]>(
    (sql) => sql`
      select outcome, error_type as error, cost_nano::text as cost from generations
       where account_id = ${customer.accountId} order by created_at desc limit 1`,
  );

test("at the last call a stream ends in one event that says why, and what came of it is charged", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(word("one two three"));
  };
  const reply = await ask(true);
  let text = "";
  for await (const piece of reply.body as AsyncIterable<string>) {
    text += piece;
    if (text.includes("one two three")) lastCall();
  }
  expect(text).toContain("The server is being restarted");
  expect(text.match(/"error":/g)).toHaveLength(1);
  expect(text.match(/\[DONE\]/g)).toHaveLength(1);
  await quiet();
  const [row] = await logged();
  expect(row).toMatchObject({ outcome: "cancelled", error: "service_unavailable" });
  expect(Number(row?.cost)).toBeGreaterThan(0);
});

test("a whole answer that is not there by then is a 503 that costs nothing", async () => {
  answer = () => lastCall();
  const reply = await ask(false);
  expect(reply.status).toBe(503);
  expect(reply.headers["retry-after"]).toBe("1");
  await quiet();
  expect(await logged()).toMatchObject([{ outcome: "failed", cost: "0" }]);
});

test("whoever has ended is not called", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const message = { role: "assistant", content: "One." };
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.end(JSON.stringify({ id: "up", object: "chat.completion", created: 1, model: "up", choices, usage }));
  };
  expect((await ask(false)).status).toBe(200);
  await quiet();
  expect(lastCall()).toBe(0);
});
