import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { Operator } from "@/db/operator";
import { recordAudit } from "@/db/queries/audit";
import { adjustCredits } from "@/db/queries/credits";
import { reconcile } from "@/db/queries/reconciliation";
import { makeCode, redeemCode } from "@/lib/billing/redeem-code";
import { simulate } from "../../scripts/sim/simulate";
import { APP_SECRET } from "../database";

/** A database that one role owns and another uses, as the README has it. */
const name = `roles_${randomBytes(4).toString("hex")}`;
const as = (username: string, database = name) =>
  Object.assign(new URL(inject("templateUrl")), { username, password: "pw", pathname: `/${database}` }).href;
let admin: postgres.Sql;
let owner: postgres.Sql;
let app: postgres.Sql;

beforeAll(async () => {
  admin = postgres(inject("templateUrl"), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create role ${name}_owner login password 'pw'`);
  await admin.unsafe(`create role ${name}_app login password 'pw'`);
  await admin.unsafe(`create database ${name} owner ${name}_owner`);
  await migrateDatabase(as(`${name}_owner`), as(`${name}_app`));
  owner = postgres(as(`${name}_owner`), { max: 1 });
  app = postgres(as(`${name}_app`), { max: 1 });
  Object.assign(process.env, { DATABASE_URL: as(`${name}_app`), APP_SECRET, LOG_LEVEL: "silent" });
});

afterAll(async () => {
  await Promise.all([closeDatabase(), owner.end(), app.end()]);
  await admin.unsafe(`drop database ${name} with (force)`);
  await admin.unsafe(`drop role ${name}_owner, ${name}_app`);
  await admin.end();
});

test("as the app's role everything that moves money works, and the books are right", async () => {
  expect(await simulate(as(`${name}_app`), 5, 480)).toEqual({ step: 480, wrong: [] });
  const [account] = await app`select id from accounts limit 1`;
  const decision = { amount: 10n, reference: "roles", reason: "test" };
  expect(await adjustCredits(account?.id, decision, { actor: "operator-cli" })).toBe("ok");
  const { code } = await makeCode({ amount: 10n, uses: 1, expiresAt: null, note: null }, Operator.atTheCommandLine());
  expect(await redeemCode(account?.id, code, { actor: "system" })).toBe(10n);
  await recordAudit({ actor: "system", action: "test.write", target: { kind: "test", id: "1" } });
  expect(await reconcile(db(), "0 seconds")).toMatchObject({ differences: [] });
});

test.each([
  "update ledger set source_id = 'x'",
  "delete from ledger",
  "truncate ledger",
  "update audit_log set action = 'x'",
  "delete from audit_log",
  "truncate audit_log",
])("%s is refused to the app's role for want of the right, and to the owner by the trigger", async (change) => {
  await expect(app.unsafe(change)).rejects.toMatchObject({ code: "42501" });
  await expect(owner.unsafe(change)).rejects.toMatchObject({ code: "LG001" });
});

test.each([
  "alter table ledger disable trigger user",
  "drop trigger ledger_no_change on ledger",
  "create table x (id int)",
])("%s is refused to the app's role", async (change) => {
  await expect(app.unsafe(change)).rejects.toMatchObject({ code: "42501" });
});
