import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, findAccount, insertUser } from "@/db/queries/accounts";
import { useFreshDatabase } from "../../tests/database";
import { type BalancedRow, findLedgerRow, listLedger, listLedgerOfSource, walkLedger } from "./ledger";

beforeAll(useFreshDatabase);
afterAll(closeDatabase);

async function account() {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  return user.accountId;
}

const kinds = ["topup", "promo", "adjustment"] as const;

/** Twenty rows of three kinds, between those of somebody else; the balance after each. */
async function filled() {
  const [mine, other] = [await account(), await account()];
  const balances: bigint[] = [];
  let balance = 0n;
  for (let n = 0; n < 20; n++) {
    const amount = BigInt(n % 5 === 4 ? -(n + 1) : 10 ** (n % 7) + n);
    for (const accountId of [mine, other])
      await creditAccount(accountId, { amount, kind: kinds[n % 3] ?? "promo", source: accountId, sourceId: `${n}` });
    balances.push((balance += amount));
  }
  return { mine, other, balances };
}

const balancesOf = (rows: BalancedRow[]) => rows.map(({ balanceNano }) => balanceNano);

async function all(walk: AsyncGenerator<BalancedRow[]>) {
  const rows: BalancedRow[] = [];
  for await (const batch of walk) rows.push(...batch);
  return rows;
}

test("each row says what was left after it, whichever page it is on and whatever is filtered out", async () => {
  const { mine, balances } = await filled();
  const newestFirst = balances.toReversed();
  const first = await listLedger(db(), mine, { most: 7 });
  expect(balancesOf(first)).toEqual(newestFirst.slice(0, 7));
  expect(first[0]?.balanceNano).toBe((await findAccount(db(), mine))?.postedNano);

  const second = await listLedger(db(), mine, { cursor: { older: first.at(-1)?.id ?? 0n }, most: 7 });
  expect(balancesOf(second)).toEqual(newestFirst.slice(7, 14));
  const back = await listLedger(db(), mine, { cursor: { newer: second[0]?.id ?? 0n }, most: 7 });
  expect(back).toEqual(first);

  const gifts = await listLedger(db(), mine, { filter: { kinds: ["promo"] }, most: 100 });
  expect(balancesOf(gifts)).toEqual(newestFirst.filter((_, n) => (19 - n) % 3 === 1));
});

test("a walk over the whole ledger comes to the same balances as its pages", async () => {
  const { mine } = await filled();
  const rows = await listLedger(db(), mine, { most: 100 });
  const oldestFirst = rows.toReversed();
  expect(await all(walkLedger(db(), mine, {}, 3))).toEqual(oldestFirst);

  const from = oldestFirst[8]?.createdAt;
  const filter = { from, until: oldestFirst[15]?.createdAt, kinds: ["topup"] as const };
  const expected = oldestFirst.slice(8, 15).filter(({ kind }) => kind === "topup");
  expect(await all(walkLedger(db(), mine, filter, 2))).toEqual(expected);
  expect((await listLedger(db(), mine, { filter, most: 100 })).toReversed()).toEqual(expected);
});

test("nothing of another account's is found by any id", async () => {
  const { mine, other } = await filled();
  const [theirs] = await listLedger(db(), other, { most: 1 });
  expect(await findLedgerRow(db(), other, theirs?.id ?? 0n)).toEqual(theirs);
  expect(await findLedgerRow(db(), mine, theirs?.id ?? 0n)).toBeUndefined();
  expect(await listLedgerOfSource(db(), mine, other, "3")).toEqual([]);
  expect(await listLedgerOfSource(db(), other, other, "3")).toHaveLength(1);
});
