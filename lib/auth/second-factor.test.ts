import { randomUUID } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { insertUser } from "@/db/queries/accounts";
import { useFreshDatabase } from "@/tests/database";
import { beginAuthenticator, confirmAuthenticator, requireCode } from "./second-factor";

const PERIOD_MS = 30_000;

beforeAll(async () => {
  await useFreshDatabase();
});
afterAll(() => closeDatabase());

/** Somebody with an authenticator that is on: its codes, as of now and so many periods later. */
async function withAuthenticator() {
  const email = `${randomUUID()}@test`;
  const user = await insertUser({ email, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { secret } = await beginAuthenticator({ userId: user.id, email });
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  // All of it within one period, of whose end there is enough left.
  const late = PERIOD_MS - (Date.now() % PERIOD_MS);
  if (late < 10_000) await new Promise((resolve) => setTimeout(resolve, late));
  const now = Date.now();
  const code = (periods: number) => totp.generate({ timestamp: now + periods * PERIOD_MS });
  return { userId: user.id, code, recovery: await confirmAuthenticator(user.id, code(0)) };
}

/** How many of those who send it at once are let in. What turns the others away is the code, not the number of tries. */
async function taken(userId: string, code: string, times: number) {
  await db().execute("delete from attempt_counters");
  const all = await Promise.allSettled(Array.from({ length: times }, () => requireCode(userId, code)));
  for (const end of all) if (end.status === "rejected") expect(end.reason).toMatchObject({ type: "invalid_request" });
  return all.filter(({ status }) => status === "fulfilled").length;
}

test("a code is taken once, of those who send it at once from one, and none from before it is taken after it", async () => {
  const { userId, code } = await withAuthenticator();
  expect(await taken(userId, code(0), 1)).toBe(0);
  expect(await taken(userId, code(1), 4)).toBe(1);
  expect(await taken(userId, code(1), 1)).toBe(0);
  expect(await taken(userId, code(0), 1)).toBe(0);
});

test("a recovery code is taken once, of those who send it at once from one; the others are as good as before", async () => {
  const { userId, recovery } = await withAuthenticator();
  expect(await taken(userId, recovery[0] ?? "", 4)).toBe(1);
  expect(await taken(userId, recovery[0] ?? "", 1)).toBe(0);
  expect(await taken(userId, recovery[1] ?? "", 1)).toBe(1);
});
