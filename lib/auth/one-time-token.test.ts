import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { useFreshDatabase } from "@/tests/database";
import { issueToken, peekToken, spendToken } from "./one-time-token";

beforeAll(async () => {
  await useFreshDatabase();
});
afterAll(() => closeDatabase());

const dead = { type: "invalid_request", message: expect.stringContaining("no longer valid") };

test("a link that is opened stays; of fifty who spend it at once one has it, and nobody after", async () => {
  const token = await issueToken("magic_link", { email: "a@test" });
  expect(await peekToken("magic_link", token)).toMatchObject({ email: "a@test" });
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => spendToken("magic_link", token)));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await peekToken("magic_link", token)).toBeUndefined();
  await expect(spendToken("magic_link", token)).rejects.toMatchObject(dead);
});

test("it is worth nothing for another purpose, nor when its time is over", async () => {
  const token = await issueToken("verify_email", { email: "a@test" });
  await expect(spendToken("reset_password", token)).rejects.toMatchObject(dead);
  expect(await peekToken("reset_password", token)).toBeUndefined();
  await db().execute("update auth_tokens set expires_at = now()");
  expect(await peekToken("verify_email", token)).toBeUndefined();
  await expect(spendToken("verify_email", token)).rejects.toMatchObject(dead);
});
