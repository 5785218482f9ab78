import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { settled } from "@/lib/billing/settle";
import type { ApiHandler } from "@/lib/http/api-handler";
import { mintKey } from "@/lib/keys/manage";
import { seal } from "@/lib/seal";
import { newCustomer } from "@/tests/call-handler";
import { useFreshDatabase } from "@/tests/database";
import { type ScriptedUpstream, startScriptedUpstream } from "@/tests/scripted-upstream";
import { chatCompletions } from "./chat-completions";
import { allKept } from "./kept/writer";
import { messages } from "./messages";
import { resumeStream } from "./resume-api";

let upstream: ScriptedUpstream;

beforeAll(async () => {
  await useFreshDatabase();
  upstream = await startScriptedUpstream();
  const sealedApiKey = seal("operator-key-000001", "providers.script");
  await upsertProvider(db(), {
    ...{ slug: "script", name: "Script", kind: "openai" as const, baseUrl: upstream.baseUrl, sealedApiKey },
  });
  for (const name of ["three-seconds", "answers", "dies-midway"]) {
    await insertModel(db(), { slug: `test/${name}`, companySlug: "test", name, contextLength: 8_000 }, "Test");
    await upsertEndpoint(
      db(),
      { modelSlug: `test/${name}`, providerSlug: "script", upstreamModel: name, contextLength: 8_000, maxOutput: 100 },
      { promptPico: 1_000_000n, completionPico: 1_000_000n },
    );
  }
});
afterAll(async () => {
  await upstream.stop();
  await closeDatabase();
});

const asking = (model: string) => ({
  body: { model: `test/${model}`, messages: [{ role: "user", content: "Hi" }], max_tokens: 50, stream: true },
  headers: { "x-openrouter-resumable": "true" } as Record<string, string>,
});

/** A call whose caller can go away. */
async function call(
  handler: ApiHandler,
  key: string,
  { body, headers, path = "/" }: { body?: object; headers?: Record<string, string>; path?: string },
) {
  const sent: Record<string, string> = { authorization: `Bearer ${key}`, ...headers };
  const caller = new AbortController();
  const reply = await handler({
    ...{
      method: body ? "POST" : "GET",
      path,
      query: new URLSearchParams(),
      header: (name: string) => sent[name.toLowerCase()],
    },
    ...{ text: async () => JSON.stringify(body), signal: caller.signal },
  });
  return { ...reply, leave: () => caller.abort(new Error("gone")) };
}

const resume = (key: string, id: string | undefined, after?: number) =>
  call(resumeStream, key, {
    path: `/api/v1/generation/${id}/stream`,
    headers: after === undefined ? {} : { "last-event-id": String(after) },
  });

async function textOf(body: string | AsyncIterable<string>, until: (text: string) => boolean = () => false) {
  let text = "";
  if (typeof body === "string") return body;
  for await (const piece of body) {
    text += piece;
    if (until(text)) break;
  }
  return text;
}
const idsOf = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
const wordsOf = (text: string) => text.match(/"content":"word "/g)?.length ?? 0;
const booked = async (id: string | undefined) => {
  await settled();
  return [
    ...(await db().execute(`select outcome, output_tokens from generations where id = '${id}'`)),
    ...(await db().execute(`select count(*)::int as charges from ledger where source_id = '${id}'`)),
  ];
};

test("a stream whose caller is lost goes on, and he has the rest of it where he left, once and charged once", async () => {
  const { key } = await newCustomer();
  const first = await call(chatCompletions, key, asking("three-seconds"));
  const id = first.headers["x-generation-id"];
  const begun = await textOf(first.body, (text) => idsOf(text).length === 5);
  first.leave();
  const last = idsOf(begun).at(-1) ?? 0;
  const follows = await resume(key, id, last);
  expect(follows).toMatchObject({ status: 200, headers: { "content-type": "text/event-stream; charset=utf-8" } });
  const rest = await textOf(follows.body);
  expect(idsOf(begun + rest)).toEqual(Array.from({ length: idsOf(begun + rest).length }, (_, index) => index + 1));
  expect(wordsOf(begun + rest)).toBe(30);
  expect(rest.endsWith("data: [DONE]\n\n")).toBe(true);
  // From the beginning, from the end, and from anywhere, now that it is over.
  expect(await textOf((await resume(key, id)).body)).toBe(begun + rest);
  const ids = idsOf(begun + rest);
  expect(await textOf((await resume(key, id, ids.at(-1))).body)).toBe("");
  for (const after of [1, 7, 12, ids.length - 1])
    expect(idsOf(await textOf((await resume(key, id, after)).body))).toEqual(ids.slice(after));
  expect(await booked(id)).toEqual([{ outcome: "completed", output_tokens: 3 }, { charges: 1 }]);
});

test("without asking for it, a lost caller ends his stream and nothing of it is kept", async () => {
  const { key } = await newCustomer();
  const { headers, ...plain } = asking("three-seconds");
  const first = await call(chatCompletions, key, plain);
  const id = first.headers["x-generation-id"];
  const begun = await textOf(first.body, (text) => wordsOf(text) === 3);
  expect(idsOf(begun)).toEqual([]);
  first.leave();
  expect((await resume(key, id)).status).toBe(404);
  let [row] = await booked(id);
  for (let tries = 0; tries < 100 && !row?.outcome; tries++) {
    await sleep(50);
    [row] = await booked(id);
  }
  expect(row).toMatchObject({ outcome: "cancelled" });
});

test("another account, another key and a management key find nothing", async () => {
  const [ada, ben] = [await newCustomer(), await newCustomer()];
  const first = await call(chatCompletions, ada.key, asking("answers"));
  await textOf(first.body);
  const id = first.headers["x-generation-id"];
  const other = await mintKey({ accountId: ada.accountId, name: "other" });
  const manager = await mintKey({ accountId: ada.accountId, name: "manager", kind: "management" });
  const statuses = await Promise.all(
    [ada.key, ben.key, other.key, manager.key].map(async (key) => (await resume(key, id)).status),
  );
  expect(statuses).toEqual([200, 404, 404, 403]);
  expect((await resume(ada.key, "gen-1-nothing")).status).toBe(404);
  const wrong = await call(resumeStream, ada.key, {
    path: `/api/v1/generation/${id}/stream`,
    headers: { "last-event-id": "x" },
  });
  expect(wrong.status).toBe(400);
  await db().execute(`update kept_answers set expires_at = now() where generation_id = '${id}'`);
  expect((await resume(ada.key, id)).status).toBe(404);
});

test("it can be gone on with for ten minutes after its end, and a failure of its provider is in it", async () => {
  const { key } = await newCustomer();
  const first = await call(chatCompletions, key, asking("dies-midway"));
  const told = await textOf(first.body);
  const id = first.headers["x-generation-id"];
  await allKept();
  expect(await textOf((await resume(key, id)).body)).toBe(told);
  expect(told).toContain('"finish_reason":"error"');
  const [row] = await db().execute<{ left: number }>(
    `select extract(epoch from expires_at - now())::int as left from kept_answers where generation_id = '${id}'`,
  );
  expect(row?.left).toBeGreaterThan(580);
  expect(row?.left).toBeLessThanOrEqual(600);
  expect((await booked(id))[1]).toEqual({ charges: 0 });
});

test("other dialects are gone on with in their own words", async () => {
  const { key } = await newCustomer();
  const first = await call(messages, key, asking("answers"));
  const told = await textOf(first.body);
  expect(told).toMatch(/^id: 1\nevent: message_start\n/);
  await allKept();
  const rest = await textOf((await resume(key, first.headers["x-generation-id"], 1)).body);
  expect(told.endsWith(rest)).toBe(true);
  expect(rest).toMatch(/^id: 2\nevent: /);
});

test("under an Idempotency-Key, who asks again while it runs hears it from its beginning, though the first has gone", async () => {
  const { key } = await newCustomer();
  const { body } = asking("three-seconds");
  const again = { body, headers: { "idempotency-key": "one" } };
  const first = await call(chatCompletions, key, again);
  await textOf(first.body, (text) => wordsOf(text) === 3);
  first.leave();
  const second = await call(chatCompletions, key, again);
  expect(wordsOf(await textOf(second.body))).toBe(30);
  expect(second.headers["x-generation-id"]).toBe(first.headers["x-generation-id"]);
  expect(await booked(first.headers["x-generation-id"])).toEqual([
    { outcome: "completed", output_tokens: 3 },
    { charges: 1 },
  ]);
});

test("an answer's words are written in a few statements, however many they are", async () => {
  const { key } = await newCustomer();
  const first = await call(chatCompletions, key, asking("three-seconds"));
  await textOf(first.body);
  await allKept();
  const [row] = await db().execute<{ pieces: number }>(
    `select count(*)::int as pieces from kept_pieces p join kept_answers k on k.id = p.answer_id
      where generation_id = '${first.headers["x-generation-id"]}'`,
  );
  expect(row?.pieces).toBeLessThan(18);
});
