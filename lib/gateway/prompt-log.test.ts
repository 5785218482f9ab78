import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { countPromptLogs, deletePromptLogs } from "@/db/queries/prompt-logs";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { messages } from "./messages";
import { promptsKept, readPrompt, setLogsPrompts, sweepPromptLogs } from "./prompt-log";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  gateway = await routedGateway([{ model: "test/one", provider: "alpha" }]);
});
afterAll(() => gateway.stop());

const SECRET = "the-colour-of-the-house-is-heliotrope";
const body = { model: "test/one", messages: [{ role: "user", content: SECRET }] };

async function ask(key: string, more: object = {}, handler = chatCompletions) {
  const { status, headers } = await gateway.call(handler, key, { body: { ...body, ...more } });
  await promptsKept();
  return { status, id: headers?.["x-generation-id"] ?? "" };
}

async function keeping() {
  const { accountId, key } = await gateway.customer();
  await setLogsPrompts(accountId, true);
  return { accountId, key };
}

/** Every row of every table that has this text in any of its columns. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await db().execute<{ name: string }>(
    sql`select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await db().execute<{ hits: number }>(
      sql`select count(*)::int as hits from ${sql.identifier(name)} t where t::text like ${`%${text}%`}`,
    );
    if (row?.hits) found.push(name);
  }
  return found;
}

test("off, which it is, no byte of a prompt or an answer is stored", async () => {
  const { accountId, key } = await gateway.customer();
  gateway.answers.alpha = { delta: [{ content: `${SECRET}, it says` }] };
  for (const more of [{}, { stream: true }]) expect((await ask(key, more)).status).toBe(200);
  expect((await ask(key, { max_tokens: 20 }, messages)).status).toBe(200);
  gateway.answers.alpha = { status: 500, json: { error: { message: SECRET } } };
  expect((await ask(key)).status).toBeGreaterThanOrEqual(500);
  delete gateway.answers.alpha;
  expect(await tablesWith(SECRET)).toEqual([]);
  expect(await db().execute(sql`select 1 from prompt_logs where account_id = ${accountId}`)).toHaveLength(0);
});

test("on, both are kept for their owner, and what is stored is sealed", async () => {
  const { accountId, key } = await keeping();
  const other = await keeping();
  for (const more of [{}, { stream: true }]) {
    const { id } = await ask(key, more);
    const kept = await readPrompt(accountId, id);
    expect(kept).toMatchObject({ isCut: false });
    expect(JSON.parse(kept === "unreadable" || !kept ? "" : kept.request)).toMatchObject(body);
    expect(JSON.parse((kept as { answer: string }).answer)).toMatchObject([{ message: { content: "from alpha" } }]);
    expect(await readPrompt(other.accountId, id)).toBeUndefined();
  }
  expect(await tablesWith(SECRET)).toEqual([]);
});

test("of an answer that never came the request is kept, and of what is too long a piece", async () => {
  const { accountId, key } = await keeping();
  gateway.answers.alpha = { status: 500, json: { error: { message: "down" } } };
  const failed = await ask(key);
  delete gateway.answers.alpha;
  const [row] = await db().execute<{ id: string }>(
    sql`select generation_id as id from prompt_logs where account_id = ${accountId}`,
  );
  expect(failed.status).toBeGreaterThanOrEqual(500);
  expect(await readPrompt(accountId, row?.id ?? "")).toMatchObject({ answer: null });

  gateway.answers.alpha = { delta: [{ content: "a".repeat(400_000) }] };
  const { id } = await ask(key);
  delete gateway.answers.alpha;
  const kept = await readPrompt(accountId, id);
  expect(kept).toMatchObject({ isCut: true });
  expect((kept as { answer: string }).answer.length).toBe(256 * 1024);
});

test("switched off, what is under way is not kept either; what is deleted or old is gone", async () => {
  const { accountId, key } = await keeping();
  const first = await ask(key);
  const second = await ask(key);
  // As in another process, which still remembers the caller.
  await db().execute(sql`update account_settings set log_prompts = false where account_id = ${accountId}`);
  const third = await ask(key);
  expect(await readPrompt(accountId, third.id)).toBeUndefined();
  expect(await countPromptLogs(db(), accountId, 7)).toBe(2);

  expect(await deletePromptLogs(db(), accountId, first.id)).toBe(1);
  expect(await readPrompt(accountId, first.id)).toBeUndefined();
  await db().execute(
    sql`update prompt_logs set created_at = now() - interval '8 days' where account_id = ${accountId}`,
  );
  expect(await readPrompt(accountId, second.id)).toBeUndefined();
  await sweepPromptLogs();
  expect(await db().execute(sql`select 1 from prompt_logs where account_id = ${accountId}`)).toHaveLength(0);
});

test("what was sealed for one request does not open at another's", async () => {
  const { accountId, key } = await keeping();
  const [{ id: one }, { id: two }] = [await ask(key), await ask(key)];
  await db().execute(sql`
    update prompt_logs set sealed = (select sealed from prompt_logs where generation_id = ${one}) where generation_id = ${two}`);
  expect(await readPrompt(accountId, two)).toBe("unreadable");
  expect(await readPrompt(accountId, one)).toMatchObject({ isCut: false });
});
