import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { findAccount, insertUser } from "@/db/queries/accounts";
import { useFreshDatabase } from "../../tests/database";
import { freezeAccount, listFreezes, unfreezeAccount } from "./account-freezes";

beforeAll(async () => {
  await useFreshDatabase();
});

afterAll(async () => {
  expect([...(await moneyStatement((sql) => sql`select * from freeze_drift`))]).toEqual([]);
  await closeDatabase();
});

async function newAccount() {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  return { id: user.accountId, frozen: async () => (await findAccount(db(), user.accountId))?.frozen };
}

const dispute = { reason: "dispute", source: "dp_1" } as const;
const operator = { reason: "operator", source: "ada" } as const;

test("lifting one cause leaves the account frozen for the other", async () => {
  const account = await newAccount();
  expect(await freezeAccount(account.id, dispute)).toBe(true);
  expect(await freezeAccount(account.id, operator)).toBe(true);
  expect(await freezeAccount(account.id, dispute)).toBe(false);
  expect(await unfreezeAccount(account.id, dispute)).toBe(true);
  expect(await account.frozen()).toBe(true);
  expect(await listFreezes(db(), account.id)).toMatchObject([operator]);
  expect(await unfreezeAccount(account.id, dispute)).toBe(false);
  expect(await unfreezeAccount(account.id, operator)).toBe(true);
  expect(await account.frozen()).toBe(false);
});

test("two disputes are two causes", async () => {
  const account = await newAccount();
  await freezeAccount(account.id, dispute);
  await freezeAccount(account.id, { reason: "dispute", source: "dp_2" });
  await unfreezeAccount(account.id, dispute);
  expect(await account.frozen()).toBe(true);
});

test("causes that come and go at the same time end with a flag that fits them", async () => {
  const account = await newAccount();
  const sources = Array.from({ length: 20 }, (_, index) => ({ reason: "dispute", source: `dp_${index}` }) as const);
  await Promise.all(sources.map((cause) => freezeAccount(account.id, cause)));
  await Promise.all([
    ...sources.slice(1).map((cause) => unfreezeAccount(account.id, cause)),
    freezeAccount(account.id, operator),
    unfreezeAccount(account.id, { reason: "dispute", source: "dp_0" }),
  ]);
  expect(await account.frozen()).toBe(true);
  await unfreezeAccount(account.id, operator);
  expect(await account.frozen()).toBe(false);
});

test("an account that does not exist is not frozen", async () => {
  await expect(freezeAccount(randomUUID(), operator)).rejects.toThrow("no such account");
});
