import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { creditAccount, findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { settled } from "@/lib/billing/settle";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { seal } from "@/lib/seal";
import { useFreshDatabase } from "@/tests/database";
import { chatCompletions } from "./chat-completions";

/** How long the endpoint's answers may take. */
const LATE_MS = 600;

let upstream: Server;
let leaving: Promise<unknown>;
let answer: (response: ServerResponse) => void;
let key: string;
let accountId: string;

const word = (text: string) =>
  `data: ${JSON.stringify({ id: "up", object: "chat.completion.chunk", created: 1, model: "up", choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;

beforeAll(async () => {
  await useFreshDatabase();
  upstream = createServer((request, response) => {
    leaving = once(response, "close");
    request.resume().on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  const model = { slug: "test/one", companySlug: "test", name: "One", contextLength: 20_000, tokenizer: "Other" };
  await insertModel(db(), model, "Test");
  await upsertProvider(db(), {
    slug: "alpha",
    name: "Alpha",
    kind: "openai",
    baseUrl,
    sealedApiKey: seal("k", "providers.alpha"),
  });
  await upsertEndpoint(
    db(),
    {
      ...{ modelSlug: "test/one", providerSlug: "alpha", upstreamModel: "up", contextLength: 20_000, maxOutput: 5_000 },
      totalTimeoutMs: LATE_MS,
    },
    { promptPico: 1_000_000n, completionPico: 2_000_000n },
  );
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  accountId = user.accountId;
  await creditAccount(accountId, { amount: parseUsd("10"), kind: "adjustment", source: "test", sourceId: user.id });
  ({ key } = await mintKey({ accountId, name: "test" }));
});

afterAll(async () => {
  await settled();
  expect(await findDrift(db())).toMatchObject({ accounts: [], keys: [], usage: [] });
  upstream.closeAllConnections();
  upstream.close();
  await closeDatabase();
});

async function ask(stream: boolean) {
  const headers: Record<string, string> = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const messages = [{ role: "user", content: "Count." }];
  return chatCompletions({
    method: "POST",
    path: "/api/v1/chat/completions",
    query: new URLSearchParams(),
    header: (name) => headers[name.toLowerCase()],
    text: async () => JSON.stringify({ model: "test/one", messages, stream }),
    signal: new AbortController().signal,
  });
}

type Row = { outcome: string; error: string; out: number; cost: string };

/** What was written of the answers so far, newest first, as soon as it is as many: the tokens are counted first. */
async function logged(answers: number): Promise<Row[]> {
  const rows = () =>
    moneyStatement<Row[]>(
      (sql) => sql`
        select outcome, error_type as error, output_tokens as out, cost_nano as cost from generations
         where account_id = ${accountId} order by created_at desc`,
    );
  await expect.poll(async () => (await rows()).length, { timeout: 20_000 }).toBe(answers);
  return rows();
}

const posted = async () => (await findAccount(db(), accountId))?.postedNano ?? 0n;

test("a stream whose reader takes longer than it may ends in an error, and what was generated for him is paid for", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(Array.from({ length: 200 }, (_, index) => word(`word${index} `)).join(""));
  };
  const before = await posted();
  const { status, body } = await ask(true);
  expect(status).toBe(200);
  const events = (body as AsyncIterable<string>)[Symbol.asyncIterator]();
  for (let read = 0; read < 20; read++) expect((await events.next()).value).toContain(`word${read} `);
  await sleep(LATE_MS + 300);
  await leaving;
  // Before he asks for more: he may never do so.
  const [row] = await logged(1);
  expect(row).toMatchObject({ outcome: "cancelled", error: "timeout" });
  expect(row?.out).toBeGreaterThanOrEqual(20);
  expect(row?.out).toBeLessThan(200);
  expect(Number(row?.cost)).toBeGreaterThan(2_000 * (row?.out ?? 0));
  expect(before - (await posted())).toBe(BigInt(row?.cost ?? 0));

  const { value: last } = await events.next();
  expect(last).toContain("The answer took longer than 0.6 seconds.");
  expect(last).toContain('"finish_reason":"error"');
  expect(last?.endsWith("data: [DONE]\n\n")).toBe(true);
  expect((await events.next()).done).toBe(true);
});

test("a stream whose upstream takes longer than it may ends the same way", async () => {
  answer = async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    while (!response.destroyed) {
      response.write(word(" on"));
      await sleep(20);
    }
  };
  const { body } = await ask(true);
  let text = "";
  for await (const event of body as AsyncIterable<string>) text += event;
  expect(text).toContain("The answer took longer than 0.6 seconds.");
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  await leaving;
  const [row] = await logged(2);
  expect(row).toMatchObject({ outcome: "cancelled", error: "timeout" });
  expect(row?.out).toBe(text.match(/" on"/g)?.length);
});

test("a stream that has said nothing by then costs nothing, and neither does a whole answer, which nobody gets", async () => {
  for (const [index, stream] of [true, false].entries()) {
    answer = (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    const before = await posted();
    const { status, body } = await ask(stream);
    expect(status).toBe(504);
    expect(JSON.parse(body as string)).toMatchObject({ error: { code: 504 } });
    await leaving;
    const [row] = await logged(3 + index);
    expect(row).toMatchObject({ outcome: stream ? "cancelled" : "failed", error: "timeout", cost: "0" });
    expect(await posted()).toBe(before);
  }
});
