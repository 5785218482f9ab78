import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { Operator } from "@/db/operator";
import { freezeAccount } from "@/db/queries/account-freezes";
import { findAccount, insertUser } from "@/db/queries/accounts";
import { findPerson, listPeople, listPersonAudit } from "@/db/queries/people";
import { insertSession } from "@/db/queries/sessions";
import { updateName } from "@/db/queries/users";
import { useFreshDatabase } from "@/tests/database";
import { endSessionsOf, freezePerson, grantCredits, setRole, unfreezePerson } from "./people";

let operator: Operator;
let operatorId: string;

beforeAll(async () => {
  await useFreshDatabase();
  operatorId = (await makeUser("operator")).id;
  operator = Operator.ofSession({ userId: operatorId, role: "operator" }, "192.0.2.1") ?? expect.fail();
});
afterAll(() => closeDatabase());

async function makeUser(role: "user" | "operator" = "user", email = `${randomUUID()}@example.com`) {
  return (await insertUser({ email, passwordHash: null, role })) ?? expect.fail();
}

const auditOf = async (user: { id: string; accountId: string }) =>
  (await listPersonAudit(operator, user, 10)).map(({ action, actorId, address, reason }) => [
    action,
    actorId,
    address,
    reason,
  ]);

test("nobody but an operator is one, and who is none any more decides nothing", async () => {
  const user = await makeUser();
  expect(Operator.ofSession({ userId: user.id, role: "user" }, null)).toBeUndefined();
  const former = await makeUser("operator");
  const proof = Operator.ofSession({ userId: former.id, role: "operator" }, null) ?? expect.fail();
  await setRole(operator, former.id, "user");
  await expect(freezePerson(proof, user.id, "no")).rejects.toMatchObject({ type: "not_found" });
  expect(await findAccount(db(), user.accountId)).toMatchObject({ frozen: false });
  expect(await auditOf(user)).toEqual([]);
});

test("a grant is booked once for its reference, with who and why; more than is there is not taken away", async () => {
  const user = await makeUser();
  const grant = { amount: 5_000_000_000n, reason: "an apology", reference: randomUUID() };
  expect(await grantCredits(operator, user.id, grant)).toBe("ok");
  expect(await grantCredits(operator, user.id, grant)).toBe("already");
  expect(await findAccount(db(), user.accountId)).toMatchObject({ postedNano: 5_000_000_000n });
  expect(await auditOf(user)).toEqual([["account.credit", operatorId, "192.0.2.1", "an apology"]]);
  const other = { ...grant, amount: 1n };
  await expect(grantCredits(operator, user.id, other)).rejects.toMatchObject({ type: "conflict" });
  const more = { amount: -5_000_000_001n, reason: "too much", reference: randomUUID() };
  await expect(grantCredits(operator, user.id, more)).rejects.toMatchObject({ type: "payment_required" });
  await expect(grantCredits(operator, randomUUID(), grant)).rejects.toMatchObject({ type: "not_found" });
});

test("a freeze by hand is written down once, and lifting it leaves other causes", async () => {
  const user = await makeUser();
  await freezePerson(operator, user.id, "looks stolen");
  await freezePerson(operator, user.id, "looks stolen");
  await freezeAccount(user.accountId, { reason: "dispute", source: "dp_1" });
  expect(await unfreezePerson(operator, user.id)).toBe(true);
  expect(await unfreezePerson(operator, user.id)).toBe(false);
  expect(await findPerson(operator, user.id)).toMatchObject({ frozen: true });
  expect(await unfreezePerson(operator, user.id, { reason: "dispute", source: "dp_1" })).toBe(true);
  expect(await findPerson(operator, user.id)).toMatchObject({ frozen: false });
  expect((await auditOf(user)).map(([action, , , reason]) => [action, reason])).toEqual([
    ["account.unfreeze", null],
    ["account.unfreeze", null],
    ["account.freeze", "looks stolen"],
  ]);
});

test("a role is changed and written down in one go: the last operator's is not, and nothing is written", async () => {
  const user = await makeUser();
  await setRole(operator, user.id, "operator");
  await setRole(operator, user.id, "operator");
  expect(await auditOf(user)).toEqual([["user.role", operatorId, "192.0.2.1", null]]);
  const [written] = await db().execute<{ together: boolean }>(sql`
    select a.xmin = u.xmin as together from users u join audit_log a on a.target_id = u.id::text where u.id = ${user.id}`);
  expect(written).toEqual({ together: true });
  await setRole(operator, user.id, "user");
  const before = await auditOf({ id: operatorId, accountId: operatorId });
  await expect(setRole(Operator.atTheCommandLine(), operatorId, "user")).rejects.toMatchObject({ type: "conflict" });
  expect(await auditOf({ id: operatorId, accountId: operatorId })).toEqual(before);
});

test("a user is signed out everywhere", async () => {
  const user = await makeUser();
  for (const tokenHash of ["a", "b"])
    await insertSession(db(), { tokenHash: tokenHash + user.id, userId: user.id, userAgent: null, address: null });
  expect(await endSessionsOf(operator, user.id)).toBe(2);
  expect(await endSessionsOf(operator, user.id)).toBe(0);
  expect(await auditOf(user)).toEqual([["user.end_sessions", operatorId, "192.0.2.1", null]]);
});

test("what fails after the change leaves neither the change nor its note", async () => {
  const user = await makeUser();
  const failing = operator.decide(async (tx) => {
    await tx.execute(`update users set name = 'changed' where id = '${user.id}'`);
    return {
      value: undefined,
      note: { action: "x".repeat(3), target: { kind: "user", id: null as unknown as string } },
    };
  });
  await expect(failing).rejects.toThrow();
  expect(await findPerson(operator, user.id)).toMatchObject({ name: null });
});

test("users are found by part of an address or a name, literally, and by ids; pages go both ways", async () => {
  const mark = randomUUID().slice(0, 8);
  const made = [];
  for (const local of ["one", "two", "three", "per%cent"])
    made.push(await makeUser("user", `${local}-${mark}@example.com`));
  await updateName(db(), made[1]?.id ?? "", `Grace ${mark.toUpperCase()} Hopper`);
  const found = async (search: string) => (await listPeople(operator, { search, most: 10 })).map(({ id }) => id);
  const ids = made.map(({ id }) => id);
  expect(await found(mark)).toEqual(ids.toReversed());
  expect(await found(`grace ${mark}`)).toEqual([ids[1]]);
  expect(await found(`r%cent-${mark}`)).toEqual([ids[3]]);
  expect(await found(`o%e-${mark}`)).toEqual([]);
  expect(await found(ids[2] ?? "")).toEqual([ids[2]]);
  expect(await found(made[2]?.accountId ?? "")).toEqual([ids[2]]);
  const page = async (cursor: { older: string } | { newer: string }) =>
    (await listPeople(operator, { search: mark, cursor, most: 2 })).map(({ id }) => id);
  expect(await page({ older: ids[3] ?? "" })).toEqual([ids[2], ids[1]]);
  expect(await page({ newer: ids[0] ?? "" })).toEqual([ids[2], ids[1]]);
});
