import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { useFreshDatabase } from "../../tests/database";
import { findAccount, insertUser } from "./accounts";
import { listAudit, recordAudit } from "./audit";
import { adjustCredits } from "./credits";

beforeAll(async () => {
  await useFreshDatabase();
});

afterAll(async () => {
  await closeDatabase();
});

const record = (id: string, after: Record<string, unknown> = {}) =>
  recordAudit({
    actor: "user",
    actorId: "u",
    action: "key.create",
    target: { kind: "key", id },
    after,
    address: "127.0.0.1",
  });

const drift = () => moneyStatement<{ id: string; what: string }[]>((sql) => sql`select * from audit_drift order by id`);

/** Does what only an owner of the table could: the triggers are off for the time of one change. */
async function tamper(change: string) {
  await moneyStatement((sql) =>
    sql
      .unsafe(
        `do $$ begin alter table audit_log disable trigger user; ${change}; alter table audit_log enable trigger user; end $$`,
      )
      .simple(),
  );
}

test("rows written all at once are one chain without a gap", async () => {
  await Promise.all(Array.from({ length: 60 }, (_, index) => record(`k${index}`)));
  const rows = await listAudit(db(), 100);
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, index) => BigInt(60 - index)));
  expect(rows[5]?.previousHash).toBe(rows[6]?.hash);
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(60);
  expect(await drift()).toEqual([]);
});

test("the audit log cannot be rewritten", async () => {
  for (const statement of ["update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"])
    await expect(moneyStatement((sql) => sql.unsafe(statement))).rejects.toMatchObject({ code: "LG001" });
});

test("what looks like a credential is not kept, nor what Postgres cannot keep", async () => {
  await record("secret", { note: "sk-or-v1-0123456789abcdef", name: "a\u0000b\ud800" });
  expect((await listAudit(db(), 1))[0]?.after).toEqual({ note: "sk-or-v1-…", name: "ab\ufffd" });
});

test.each([
  ["changed", `update audit_log set reason = 'another' where id = 10`, [10]],
  ["taken out", `delete from audit_log where id = 20`, [10, 21]],
  [
    "changed with its own hash made anew",
    `update audit_log a set action = 'x' where id = 30; update audit_log a set hash = audit_hash(a.*) where id = 30`,
    [10, 21, 31],
  ],
])("a row that was %s behind the triggers' back shows", async (_, change, bad) => {
  await tamper(change);
  expect((await drift()).map(({ id }) => Number(id))).toEqual(bad);
});

test("credits that an operator gives or takes are in the ledger and in the log, or in neither", async () => {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const decide = (amount: bigint, reference: string) =>
    adjustCredits(user.accountId, { amount, reference, reason: "goodwill" }, { actor: "operator-cli" });
  expect(await Promise.all([decide(500n, "a"), decide(500n, "a"), decide(500n, "a")])).toContain("already");
  expect(await decide(-200n, "b")).toBe("ok");
  await expect(decide(-301n, "c")).rejects.toMatchObject({ code: "LG402" });
  await expect(decide(900n, "a")).rejects.toMatchObject({ code: "LG409" });
  expect((await findAccount(db(), user.accountId))?.postedNano).toBe(300n);
  const rows = (await listAudit(db(), 100)).filter(({ targetId }) => targetId === user.accountId);
  expect(rows.map(({ before, after, reason }) => ({ before, after, reason }))).toEqual([
    {
      before: { posted_nano: "500" },
      after: { posted_nano: "300", amount_nano: "-200", kind: "adjustment", source: "operator", source_id: "b" },
      reason: "goodwill",
    },
    {
      before: { posted_nano: "0" },
      after: { posted_nano: "500", amount_nano: "500", kind: "adjustment", source: "operator", source_id: "a" },
      reason: "goodwill",
    },
  ]);
});
