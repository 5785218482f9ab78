import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { Operator } from "@/db/operator";
import { findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { listAudit } from "@/db/queries/audit";
import { grantSignUpCredit, personalAddress } from "@/db/queries/sign-up-credit";
import { useFreshDatabase } from "../../tests/database";
import { makeCode, redeemCode, voidCode } from "./redeem-code";

beforeAll(async () => {
  await useFreshDatabase();
  process.env.SIGN_UP_CREDIT = "0.50";
});

afterAll(async () => {
  expect(await findDrift(db())).toEqual({ accounts: [], keys: [], usage: [], overdueHolds: [] });
  expect([...(await moneyStatement((sql) => sql`select * from audit_drift`))]).toEqual([]);
  await closeDatabase();
});

const actor = { actor: "user", actorId: "u" } as const;

async function newUser(email = `${randomUUID()}@test`) {
  const user = await insertUser({ email, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  return user;
}

const newAccount = async () => (await newUser()).accountId;
const posted = async (accountId: string) => (await findAccount(db(), accountId))?.postedNano;
const code = (rest: Partial<Parameters<typeof makeCode>[0]> = {}) =>
  makeCode({ amount: 5_000n, uses: 1, expiresAt: null, note: null, ...rest }, Operator.atTheCommandLine());

test("a hundred accounts at once on a code for seven: seven have it", async () => {
  const { code: text, row } = await code({ uses: 7 });
  const accounts = await Promise.all(Array.from({ length: 100 }, newAccount));
  const ends = await Promise.allSettled(accounts.map((accountId) => redeemCode(accountId, text, actor)));
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(7);
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.type] : []));
  expect(refused).toEqual(Array(93).fill("not_found"));
  const balances = await Promise.all(accounts.map(posted));
  expect(balances.filter((balance) => balance === 5_000n)).toHaveLength(7);
  expect(balances.filter((balance) => balance === 0n)).toHaveLength(93);
  const logged = (await listAudit(db(), 1_000)).filter(({ reason }) => reason === `redemption code ${row.label}`);
  expect(logged).toHaveLength(7);
});

test("one account a hundred times at once has it once, and is told so", async () => {
  const { code: text } = await code({ uses: 100 });
  const accountId = await newAccount();
  const ends = await Promise.allSettled(Array.from({ length: 100 }, () => redeemCode(accountId, text, actor)));
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(ends.find(({ status }) => status === "rejected")).toMatchObject({ reason: { type: "conflict" } });
  expect(await posted(accountId)).toBe(5_000n);
});

test("a code is read as it is written on a card", async () => {
  const { code: text } = await code();
  const accountId = await newAccount();
  const written = ` ${text.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `;
  expect(await redeemCode(accountId, written, actor)).toBe(5_000n);
});

test("unknown, expired, disabled and used up are one answer", async () => {
  const used = await code();
  await redeemCode(await newAccount(), used.code, actor);
  const disabled = await code();
  await voidCode(disabled.row.id, Operator.atTheCommandLine());
  const expired = await code({ expiresAt: new Date(Date.now() - 1_000) });
  const accountId = await newAccount();
  const answers = [];
  for (const text of ["AAAAA-AAAAA-AAAAA-AAAAA", "", used.code, disabled.code, expired.code])
    answers.push(await redeemCode(accountId, text, actor).catch(({ type, message }) => ({ type, message })));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ type: "not_found" });
  expect(await posted(accountId)).toBe(0n);
});

test("ten wrong codes within an hour and an account may try no more, at once or in turn, until the hour is over", async () => {
  const { code: text } = await code();
  const accountId = await newAccount();
  const wrong = Array.from({ length: 30 }, () => redeemCode(accountId, randomUUID(), actor).catch(({ type }) => type));
  const answers = await Promise.all(wrong);
  expect(answers.filter((type) => type === "not_found")).toHaveLength(10);
  expect(answers.filter((type) => type === "rate_limit_exceeded")).toHaveLength(20);
  await expect(redeemCode(accountId, text, actor)).rejects.toMatchObject({ type: "rate_limit_exceeded" });
  await moneyStatement(
    (sql) => sql`update redemption_attempts set since = since - interval '61 minutes' where account_id = ${accountId}`,
  );
  expect(await redeemCode(accountId, text, actor)).toBe(5_000n);
});

test("what is stored of a code is its hash", async () => {
  const { code: text, row } = await code();
  expect(JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}` : value))).not.toContain(
    text.slice(6),
  );
});

test("the credit for signing up comes once a person, however the address is written and however often it is asked for", async () => {
  const [first, second, third] = await Promise.all(
    ["ada.l+x@gmail.com", "adal@googlemail.com", "adal@example.com"].map(newUser),
  );
  const answers = await Promise.all(Array.from({ length: 20 }, () => grantSignUpCredit(first?.id ?? "")));
  expect(answers.filter((answer) => answer === "ok")).toHaveLength(1);
  expect(await grantSignUpCredit(second?.id ?? "")).toBe("already");
  expect(await grantSignUpCredit(third?.id ?? "")).toBe("ok");
  const users = [first, second, third];
  expect(await Promise.all(users.map((user) => posted(user?.accountId ?? "")))).toEqual([
    500_000_000n,
    0n,
    500_000_000n,
  ]);
});

test.each([
  ["Ada.Lovelace+news@Gmail.com", "adalovelace@gmail.com"],
  ["ada@googlemail.com", "ada@gmail.com"],
  ["ada.l+x+y@example.com", "ada.l@example.com"],
  ["+x@example.com", "+x@example.com"],
  ["ａｄａ@example.com", "ada@example.com"],
])("%s is the person %s", (address, person) => {
  expect(personalAddress(address)).toBe(person);
});
