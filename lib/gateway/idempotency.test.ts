import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { findDrift } from "@/db/queries/accounts";
import { settled } from "@/lib/billing/settle";
import { mintKey } from "@/lib/keys/manage";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { sweepKept } from "./kept/sweep";
import { allKept } from "./kept/writer";
import { createKey, deleteKey } from "./keys-api";
import { messages } from "./messages";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  gateway = await routedGateway([{ model: "test/one", provider: "alpha" }]);
});
afterAll(() => gateway.stop());

const hello = { model: "test/one", messages: [{ role: "user", content: "Hello" }], max_tokens: 10 };
const under = (key: string, more: object = {}) => ({
  body: { ...hello, ...more },
  headers: { "idempotency-key": key },
});
const charges = async (accountId: string) => {
  await settled();
  const rows = await db().execute(
    `select count(*)::int as count from ledger where account_id = '${accountId}' and kind = 'usage'`,
  );
  return rows[0]?.count;
};
/** The whole text of an answer, events and all. */
async function textOf(key: string, call: ReturnType<typeof under>, handler = chatCompletions) {
  const sent: Record<string, string> = { authorization: `Bearer ${key}`, ...call.headers };
  const reply = await handler({
    ...{ method: "POST", path: "/", query: new URLSearchParams(), header: (name: string) => sent[name.toLowerCase()] },
    ...{ text: async () => JSON.stringify(call.body), signal: new AbortController().signal },
  });
  if (typeof reply.body === "string") return { reply, text: reply.body };
  let text = "";
  for await (const piece of reply.body) text += piece;
  return { reply, text };
}

test.each([
  ["/chat/completions", chatCompletions, {}],
  ["/chat/completions, streamed", chatCompletions, { stream: true }],
  ["/messages", messages, {}],
  ["/messages, streamed", messages, { stream: true }],
  ["/responses", responses, { input: "Hello", messages: undefined, max_tokens: undefined }],
])(
  "%s: asked again under the same key, the answer is the same to the letter and charged once",
  async (_, handler, more) => {
    const { accountId, key } = await gateway.customer();
    gateway.sent();
    const first = await textOf(key, under("a", more), handler);
    const second = await textOf(key, under("a", more), handler);
    expect(first.reply.status).toBe(200);
    expect(second.text).toBe(first.text);
    expect(second.reply.headers).toMatchObject({
      "idempotent-replayed": "true",
      "content-type": first.reply.headers["content-type"],
      "x-generation-id": first.reply.headers["x-generation-id"],
    });
    expect(first.reply.headers["idempotent-replayed"]).toBeUndefined();
    expect([gateway.sent().length, await charges(accountId)]).toEqual([1, 1]);
  },
);

test.each([false, true])("fifty at once are one generation (streamed: %s)", async (stream) => {
  const { accountId, key } = await gateway.customer();
  gateway.sent();
  const answers = await Promise.all(Array.from({ length: 50 }, () => textOf(key, under("b", { stream }))));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ reply }) => reply.headers["idempotent-replayed"]).length).toBe(49);
  expect([gateway.sent().length, await charges(accountId)]).toEqual([1, 1]);
});

test("under the same key, something else is refused; another API key's and another account's are their own", async () => {
  const [ada, ben] = [await gateway.customer(), await gateway.customer()];
  const other = await mintKey({ accountId: ada.accountId, name: "other" });
  gateway.sent();
  const first = await gateway.call(chatCompletions, ada.key, under("c"));
  const wrong = await gateway.call(chatCompletions, ada.key, under("c", { max_tokens: 11 }));
  expect([wrong.status, wrong.json.error.message]).toEqual([
    422,
    "This Idempotency-Key was used for another request. Use a new one.",
  ]);
  for (const key of [other.key, ben.key]) {
    const answer = await gateway.call(chatCompletions, key, under("c"));
    expect(answer.status).toBe(200);
    expect(answer.json.id).not.toBe(first.json.id);
  }
  expect(gateway.sent()).toHaveLength(3);
  const long = await gateway.call(chatCompletions, ada.key, under("x".repeat(256)));
  expect([long.status, long.json.error.code]).toEqual([400, 400]);
});

test("what came to nothing is tried anew", async () => {
  const { accountId, key } = await gateway.customer();
  gateway.answers.alpha = { status: 500, json: { error: { message: "no" } } };
  const failed = await gateway.call(chatCompletions, key, under("d"));
  gateway.answers.alpha = { breaks: true };
  const broken = await gateway.call(chatCompletions, key, under("e", { stream: true }));
  gateway.answers.alpha = {};
  expect([failed.status, broken.events.at(-1).error.code]).toEqual([502, 502]);
  expect(await charges(accountId)).toBe(0);
  await allKept();
  const again = await gateway.call(chatCompletions, key, under("d"));
  const whole = await gateway.call(chatCompletions, key, under("e", { stream: true }));
  expect([again.status, again.headers["idempotent-replayed"]]).toEqual([200, undefined]);
  expect(whole.events.at(-1).usage.total_tokens).toBe(150);
  expect(await charges(accountId)).toBe(2);
});

test("an answer whose server died in the middle of it is said to be cut, and is not paid for twice", async () => {
  const { accountId, key } = await gateway.customer();
  await gateway.call(chatCompletions, key, under("f"));
  await db().execute(
    `update kept_answers set ended_at = null, beat_at = now() - interval '46 seconds' where account_id = '${accountId}'`,
  );
  const { status, json } = await gateway.call(chatCompletions, key, under("f"));
  expect([status, json.error.message]).toEqual([409, expect.stringContaining("stopped in the middle")]);
  expect(await charges(accountId)).toBe(1);
});

test("it is kept sealed, for a day, and then it is gone", async () => {
  const { accountId, key } = await gateway.customer();
  gateway.answers.alpha = { delta: [{ content: "a word that nobody else says" }] };
  const first = await gateway.call(chatCompletions, key, under("g"));
  gateway.answers.alpha = {};
  const rows = [
    ...(await db().execute(`select * from kept_answers where account_id = '${accountId}'`)),
    ...(await db().execute("select * from kept_pieces")),
  ];
  const stored = JSON.stringify(rows);
  expect(stored).not.toContain("nobody else says");
  expect(stored).not.toContain('"g"');
  expect(new Date(String(rows[0]?.expires_at)).getTime() - Date.now()).toBeGreaterThan(86_000_000);
  await db().execute(`update kept_answers set expires_at = now() where account_id = '${accountId}'`);
  const second = await gateway.call(chatCompletions, key, under("g"));
  expect(second.json.id).not.toBe(first.json.id);
  await db().execute("update kept_answers set expires_at = now()");
  await sweepKept();
  const left = await db().execute("select 1 from kept_pieces union all select 1 from kept_answers");
  expect(left).toHaveLength(0);
});

test("a write of the management API is done once", async () => {
  const { accountId } = await gateway.customer();
  const { key } = await mintKey({ accountId, name: "manager", kind: "management" });
  const call = { body: { name: "made once" }, headers: { "idempotency-key": "h" } };
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => gateway.call(createKey, key, call)));
  expect(new Set(made.map(({ json }) => json.key)).size).toBe(1);
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  const rows = await db().execute(`select 1 from api_keys where account_id = '${accountId}' and name = 'made once'`);
  expect(rows).toHaveLength(1);
  const path = `/api/v1/keys/${made[0]?.json.data.hash}`;
  const removed = await gateway.call(deleteKey, key, { ...{ body: {}, path }, headers: { "idempotency-key": "h" } });
  expect(removed.status).toBe(422);
  for (let times = 0; times < 2; times++) {
    const gone = await gateway.call(deleteKey, key, { body: {}, path, headers: { "idempotency-key": "i" } });
    expect([gone.status, gone.json.deleted]).toEqual([200, true]);
  }
  expect((await findDrift(db())).accounts).toEqual([]);
});
