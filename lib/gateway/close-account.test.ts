import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { insertIdentity } from "@/db/queries/identities";
import { findUser } from "@/db/queries/users";
import { scrubClosedAccounts } from "@/lib/auth/delete-account";
import { issueToken, peekToken } from "@/lib/auth/one-time-token";
import { hashPassword } from "@/lib/auth/password";
import { type SessionUser, userByToken } from "@/lib/auth/session";
import { startSession } from "@/lib/auth/start-session";
import { openHold } from "@/lib/billing/holds";
import { settle, settled } from "@/lib/billing/settle";
import { addByokKey } from "@/lib/keys/byok";
import { mintKey } from "@/lib/keys/manage";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { closeOwnAccount } from "./close-account";
import { newGenerationId } from "./generation-id";
import { presetFromChat } from "./presets-api";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  gateway = await routedGateway([{ model: "test/one", provider: "alpha" }]);
});
afterAll(async () => {
  expect(await findDrift(db())).toEqual({ accounts: [], keys: [], usage: [], overdueHolds: [] });
  await gateway.stop();
});

const asked = { model: "test/one", messages: [{ role: "user", content: "Hi" }] };

/** Somebody who has left something everywhere. */
async function resident() {
  const { accountId, key } = await gateway.customer();
  const [row] = await db().execute<{ id: string; email: string }>(
    sql`update users set name = 'Ada Lovelace', password_hash = ${await hashPassword("correct horse")}
         where account_id = ${accountId} returning id, email`,
  );
  const { id: userId, email } = row ?? { id: "", email: "" };
  await insertIdentity(db(), { provider: "github", subject: randomUUID(), userId, email });
  const session = await startSession(userId, { userAgent: "Browser", address: "203.0.113.9" });
  const link = await issueToken("verify_email", { userId, email });
  await addByokKey({ accountId, provider: "alpha", key: "sk-own-0123456789", name: "byok of Ada" });
  await db().execute(sql`update byok_keys set disabled = true where account_id = ${accountId}`);
  const preset = { path: "/api/v1/presets/ada/chat/completions", body: asked };
  expect((await gateway.call(presetFromChat, key, preset)).status).toBe(200);
  const body = { ...asked, user: "end-user-7", session_id: "session-7" };
  expect((await gateway.call(chatCompletions, key, { body })).status).toBe(200);
  const user: SessionUser = {
    ...{ userId, accountId, email, name: "Ada Lovelace", role: "user" },
    ...{ sessionId: randomUUID(), signedInAt: new Date(), emailVerified: true },
  };
  return { user, key, session, link };
}

const rowsOf = async (table: string, accountId: string) =>
  (await db().execute(sql`select * from ${sql.identifier(table)} where account_id = ${accountId} order by 1`)).map(
    (row) => ({ ...row }),
  );

test("nothing personal is left of a deleted account, and its money to the last line", async () => {
  const { user, key, session, link } = await resident();
  const books = async () => [await rowsOf("ledger", user.accountId), await findAccount(db(), user.accountId)];
  const before = await books();
  await closeOwnAccount(user);
  await scrubClosedAccounts();

  expect(await books()).toEqual(before);
  expect(await userByToken(session)).toBeUndefined();
  expect(await peekToken("verify_email", link)).toBeUndefined();
  expect((await gateway.call(chatCompletions, key, { body: asked })).status).toBe(401);
  for (const table of ["byok_keys", "presets"]) expect(await rowsOf(table, user.accountId), table).toEqual([]);
  const left = JSON.stringify([
    await findUser(db(), user.userId),
    await rowsOf("api_keys", user.accountId),
    await rowsOf("generations", user.accountId),
    ...(await db().execute(sql`select * from identities where user_id = ${user.userId}`)),
  ]);
  for (const trace of ["Ada", user.email, "end-user-7", "session-7", "argon2", "github"])
    expect(left.includes(trace), trace).toBe(false);
  expect(await rowsOf("generations", user.accountId)).toHaveLength(1);
});

test("what was under way settles as it would have, and is scrubbed after that", async () => {
  const { user } = await resident();
  const { row } = await mintKey({ accountId: user.accountId, name: "runs" });
  const id = newGenerationId();
  const progress = { requestedModel: "test/one", modelSlug: "test/one", externalUser: "end-user-8" };
  const held = { id, accountId: user.accountId, keyId: row.id, most: 5_000n, least: 5_000n, progress };
  expect(await openHold(held)).toMatchObject({ outcome: "ok" });

  await closeOwnAccount(user);
  await scrubClosedAccounts();
  settle({ ...progress, id, outcome: "completed", costNano: 3_000n, upstreamCostNano: 3_000n });
  await settled();
  const [line] = await db().execute(sql`select amount_nano::text as amount from ledger where source_id = ${id}`);
  expect(line).toEqual({ amount: "-3000" });
  expect(await rowsOf("generations", user.accountId)).toEqual(
    expect.arrayContaining([expect.objectContaining({ id, external_user: "end-user-8" })]),
  );
  await scrubClosedAccounts();
  for (const generation of await rowsOf("generations", user.accountId))
    expect(generation).toMatchObject({ external_user: null, session_id: null });
});

test("another's account is as it was", async () => {
  const [{ user }, other] = [await resident(), await resident()];
  const all = async () =>
    Promise.all(
      ["api_keys", "presets", "byok_keys", "generations", "users"].map((t) => rowsOf(t, other.user.accountId)),
    );
  const before = await all();
  await closeOwnAccount(user);
  await scrubClosedAccounts();
  expect(await all()).toEqual(before);
  expect((await gateway.call(chatCompletions, other.key, { body: asked })).status).toBe(200);
});

test("it asks for a fresh sign-in, and does not take the last operator away", async () => {
  const { user, key } = await resident();
  const late = { ...user, signedInAt: new Date(Date.now() - 11 * 60_000) };
  await expect(closeOwnAccount(late)).rejects.toMatchObject({ metadata: { confirm: true } });
  const boss = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "operator" });
  if (!boss) throw new Error("no operator");
  const operator: SessionUser = { ...user, userId: boss.id, accountId: boss.accountId, role: "operator" };
  await expect(closeOwnAccount(operator)).rejects.toMatchObject({ type: "conflict" });
  expect((await gateway.call(chatCompletions, key, { body: asked })).status).toBe(200);
});
