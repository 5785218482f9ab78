import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { listAudit, recordAudit } from "@/db/queries/audit";
import { openHolds, settleHolds } from "@/db/queries/holds";
import { checkAll, findLastRun, reconcile } from "@/db/queries/reconciliation";
import { APP_SECRET, freshDatabase, useFreshDatabase } from "../../tests/database";
import { mintKey } from "../keys/manage";

let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(await useFreshDatabase(), { max: 8, onnotice: () => {} });
});

afterAll(async () => {
  await sql.end();
  await closeDatabase();
});

/** What the minute's check finds now: in all, or about one account, key or hold. */
const found = async (about?: string) =>
  (await reconcile(db(), "0 seconds"))?.differences
    .filter(({ account_id, subject }) => !about || account_id === about || subject === about)
    .map(({ check }) => check);
const minutes = async (count: number) => {
  for (let index = 0; index < count; index++) expect(await found()).toEqual([]);
};

async function payer(limit: bigint | null = null) {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: 10_000n, kind: "topup", source: "test", sourceId: accountId });
  const { row } = await mintKey({ accountId, name: "test", limit });
  const id = randomUUID();
  const open = (holdId = id) =>
    openHolds([{ id: holdId, accountId, keyId: row.id, most: 1_000n, least: 1_000n, progress: {} }]);
  const settle = (holdId = id) =>
    settleHolds([
      {
        id: holdId,
        costNano: 700n,
        upstreamCostNano: 700n,
        requestedModel: "a/b",
        modelSlug: "a/b",
        outcome: "completed",
      },
    ]);
  return { accountId, keyId: row.id, id, open, settle };
}

/** Changes what nobody can change through the functions. */
const tamper = (change: (tx: postgres.TransactionSql) => Promise<unknown>) =>
  sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await change(tx);
  });

const frozen = async (accountId: string) => (await sql`select frozen from accounts where id = ${accountId}`)[0]?.frozen;

beforeEach(async () => {
  await sql`delete from reconciliation_runs`;
  await sql`delete from ledger_checkpoints`;
});

test("five replicas at once, each twice: one check a minute", async () => {
  const runs = await Promise.all(Array.from({ length: 10 }, () => reconcile(db())));
  expect(runs.filter(Boolean)).toHaveLength(1);
  expect(await findLastRun(db())).toMatchObject({ kind: "minute", differences: 0 });
});

test("while requests are held and settled, every check finds the books right, and the checkpoints follow", async () => {
  const payers = await Promise.all(Array.from({ length: 8 }, () => payer(50_000n)));
  let done = false;
  const load = payers.map(async ({ open, settle }) => {
    while (!done) {
      const id = randomUUID();
      await open(id);
      await settle(id);
    }
  });
  const checks = [];
  for (let index = 0; index < 25; index++) checks.push(await found());
  done = true;
  await Promise.all(load);
  expect(checks.flat()).toEqual([]);
  await minutes(2);
  const [last] = await sql`select max(id)::text as id from ledger`;
  expect((await findLastRun(db()))?.uptoId.toString()).toBe(last?.id);
  expect([...(await sql`select * from checkpoint_drift`)]).toEqual([]);
});

test("a row that is committed late is not passed over by the checkpoints", async () => {
  const slow = await payer();
  const others = await payer();
  await minutes(2);
  const blocker = await sql.reserve();
  await blocker`begin`;
  await blocker`select credit(${slow.accountId}, 5, 'adjustment', 'test', 'slow')`;
  for (let index = 0; index < 4; index++) {
    await creditAccount(others.accountId, { amount: 1n, kind: "topup", source: "test", sourceId: `late-${index}` });
    await minutes(1);
  }
  await blocker`commit`;
  blocker.release();
  await minutes(3);
  expect([...(await sql`select * from checkpoint_drift`)]).toEqual([]);
  const [sum] = await sql`select sum_nano from ledger_checkpoints where account_id = ${slow.accountId}`;
  expect(sum?.sum_nano).toBe("10005");
});

type Payer = Awaited<ReturnType<typeof payer>>;
const harm: [string, string, (tx: postgres.TransactionSql, payer: Payer) => Promise<unknown>][] = [
  [
    "a balance a nano-dollar too high",
    "account_drift",
    (tx, { accountId }) => tx`update accounts set posted_nano = posted_nano + 1 where id = ${accountId}`,
  ],
  [
    "a reserve that nobody holds",
    "account_drift",
    (tx, { accountId }) => tx`update accounts set held_nano = held_nano + 1 where id = ${accountId}`,
  ],
  [
    "a ledger row that no balance knows",
    "account_drift",
    (tx, { accountId }) =>
      tx`insert into ledger (account_id, amount_nano, kind, source, source_id) values (${accountId}, 1, 'promo', 'test', ${randomUUID()})`,
  ],
  [
    "a key's reserve that nobody holds",
    "key_drift",
    (tx, { keyId }) => tx`update api_keys set held_nano = 1 where id = ${keyId}`,
  ],
  [
    "a log that says less than was charged",
    "usage_drift",
    (tx, { id }) => tx`update generations set cost_nano = 699 where id = ${id}`,
  ],
  [
    "a hold that says more than was charged",
    "usage_drift",
    (tx, { id }) => tx`update holds set settled_nano = 701 where id = ${id}`,
  ],
];

test.each(harm)("%s is found within the minute, and its account is frozen and not mended", async (_, check, change) => {
  const victim = await payer(50_000n);
  const bystander = await payer();
  await victim.open();
  await victim.settle();
  await tamper((tx) => change(tx, victim));
  expect(await found(victim.accountId)).toEqual([check]);
  expect(await frozen(victim.accountId)).toBe(true);
  expect(await frozen(bystander.accountId)).toBe(false);
  expect(await victim.open(randomUUID())).toMatchObject([{ outcome: "frozen" }]);
  const [row] = await listAudit(db(), 1);
  expect(row).toMatchObject({ actor: "system", action: "account.freeze", targetId: victim.accountId, reason: check });
  await found();
  expect((await listAudit(db(), 1))[0]?.id).toBe(row?.id);
});

test("a hold that nobody ends is found a minute after its time", async () => {
  const { id, open, settle } = await payer();
  await open();
  await sql`update holds set expires_at = now() - interval '50 seconds' where id = ${id}`;
  expect(await found(id)).toEqual([]);
  await sql`update holds set expires_at = now() - interval '61 seconds' where id = ${id}`;
  expect(await found(id)).toEqual(["overdue_hold"]);
  await settle();
});

test("of more accounts than one check tells, the next check freezes the next, until all are frozen", async () => {
  const payers = await Promise.all(Array.from({ length: 130 }, () => payer()));
  const ids = payers.map(({ accountId }) => accountId);
  await tamper((tx) => tx`update accounts set posted_nano = posted_nano + 1 where id = any (${ids})`);
  await found();
  await found();
  const free = await sql`select id from accounts where id = any (${ids}) and not frozen`;
  await tamper((tx) => tx`update accounts set posted_nano = posted_nano - 1 where id = any (${ids})`);
  expect([...free]).toEqual([]);
});

test("an audit log that was cut off is found by what an earlier check saw", async () => {
  const entry = { actor: "system", action: "test.write", target: { kind: "test", id: "1" } } as const;
  for (let index = 0; index < 3; index++) await recordAudit(entry);
  expect(await found()).not.toContain("audit_cut");
  await tamper((tx) => tx`delete from audit_log where id > (select max(id) - 1 from audit_log)`);
  expect(await found()).toContain("audit_cut");
});

test("what the minute's check has behind it, the full check still sees", async () => {
  const { accountId } = await payer();
  for (let index = 0; index < 3; index++) expect(await found(accountId)).toEqual([]);
  await tamper((tx) => tx`update ledger set amount_nano = amount_nano - 1 where account_id = ${accountId}`);
  expect(await found(accountId)).toEqual([]);
  const { checks } = await checkAll(sql);
  const wrong = checks.flatMap(({ differences }) => differences).filter(({ account_id }) => account_id === accountId);
  expect(wrong.map(({ check }) => check)).toEqual(["account_drift", "checkpoint_drift"]);
  expect((await findLastRun(db(), "full"))?.differences).toBeGreaterThanOrEqual(2);
});

test("npm run money:check ends with 0 on right books, and with 1 and the figures on others", async () => {
  const own = await freshDatabase();
  const run = () =>
    new Promise<{ code: unknown; output: string }>((resolve) =>
      execFile(
        process.execPath,
        ["node_modules/tsx/dist/cli.mjs", "scripts/money-check.ts"],
        { env: { PATH: process.env.PATH, NODE_ENV: "production", DATABASE_URL: own, APP_SECRET } },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }),
      ),
    );
  expect(await run()).toMatchObject({ code: 0, output: expect.stringContaining("The books are right.") });
  const other = postgres(own, { max: 1 });
  await other`insert into accounts (posted_nano) values (-7)`;
  await other.end();
  const wrong = await run();
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining("The books differ.") });
  expect(wrong.output).toMatch(/unexplained_debt: .*"posted_nano":"-7"/);
});
