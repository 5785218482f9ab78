import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";
import { hashApiKey } from "./api-key";

let mintSessionKey: typeof import("./session-key").mintSessionKey;
let keys: typeof import("@/db/queries/api-keys");
let insertSession: typeof import("@/db/queries/sessions").insertSession;
let client: typeof import("@/db/client");
let accounts: typeof import("@/db/queries/accounts");

beforeAll(async () => {
  await useFreshDatabase();
  [{ mintSessionKey }, keys, { insertSession }, client, accounts] = await Promise.all([
    import("./session-key"),
    import("@/db/queries/api-keys"),
    import("@/db/queries/sessions"),
    import("@/db/client"),
    import("@/db/queries/accounts"),
  ]);
});
afterAll(() => client.closeDatabase());

let count = 0;
async function signedIn() {
  const user = await accounts.insertUser({ email: `k${count++}@test`, passwordHash: "a", role: "user" });
  if (!user) throw new Error("no user");
  const session = { tokenHash: `t${count}`, userId: user.id, userAgent: null, address: null };
  const sessionId = await insertSession(client.db(), session);
  if (!sessionId) throw new Error("no session");
  return { ...user, sessionId };
}
const run = (statement: string) => client.db().execute(statement);
const HOUR_MS = 3_600_000;

test("a session's key is for inference on the account of who is signed in, for an hour", async () => {
  const { accountId, sessionId } = await signedIn();
  const { key, expiresAt } = await mintSessionKey(sessionId, "Chat");
  expect(await keys.findLiveApiKey(hashApiKey(key))).toMatchObject({ accountId, kind: "inference" });
  expect(Math.abs(expiresAt.getTime() - Date.now() - HOUR_MS)).toBeLessThan(60_000);
  expect([...(await run(`select name from api_keys where account_id = '${accountId}'`))]).toEqual([{ name: "Chat" }]);
});

test("it ends no later than the session would", async () => {
  const { sessionId } = await signedIn();
  await run(`update sessions set expires_at = now() + interval '10 minutes' where id = '${sessionId}'`);
  const { expiresAt } = await mintSessionKey(sessionId, "Chat");
  expect(expiresAt.getTime()).toBeLessThan(Date.now() + 11 * 60_000);
});

test.each([
  ["the user signs out", "delete from sessions where id = '$session'"],
  ["the session is over", "update sessions set expires_at = now() where id = '$session'"],
  ["the user gets a new password", "update users set password_hash = 'b' where id = '$user'"],
  ["the user is disabled", "update users set disabled_at = now() where id = '$user'"],
  ["its hour is over", "update api_keys set expires_at = now() where session_id = '$session'"],
])("it is good for nothing once %s", async (_case, statement) => {
  const { id, sessionId } = await signedIn();
  const { key } = await mintSessionKey(sessionId, "Chat");
  await run(statement.replace("$session", sessionId).replace("$user", id));
  expect(await keys.findLiveApiKey(hashApiKey(key))).toBeUndefined();
});

test("it is not among the keys that its owner sees, changes or deletes", async () => {
  const { accountId, sessionId } = await signedIn();
  const { key } = await mintSessionKey(sessionId, "Chat");
  const hash = hashApiKey(key);
  expect(await keys.listApiKeys(client.db(), accountId, 0, 100)).toEqual([]);
  expect(await keys.findApiKey(client.db(), accountId, hash)).toBeUndefined();
  expect(await keys.updateApiKey(client.db(), accountId, hash, { expiresAt: null })).toBeUndefined();
  expect(await keys.deleteApiKey(client.db(), accountId, hash)).toBe(false);
});

test("a session is given so many keys an hour and no more; another is not held to it", async () => {
  const { id, sessionId } = await signedIn();
  for (let keysGiven = 0; keysGiven < 60; keysGiven++) await mintSessionKey(sessionId, "Chat");
  await expect(mintSessionKey(sessionId, "Chat")).rejects.toMatchObject({ type: "rate_limit_exceeded" });
  const other = { tokenHash: "other", userId: id, userAgent: null, address: null };
  await mintSessionKey((await insertSession(client.db(), other)) as string, "Chat");
  await run(`update api_keys set created_at = now() - interval '61 minutes' where session_id = '${sessionId}'`);
  await mintSessionKey(sessionId, "Chat");
});

test("a session that is not there is given none", async () => {
  await expect(mintSessionKey("00000000-0000-4000-8000-000000000000", "Chat")).rejects.toThrow("keys");
});
