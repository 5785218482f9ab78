import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";

let userByToken: typeof import("./session").userByToken;
let startSession: typeof import("./start-session").startSession;
let client: typeof import("@/db/client");
let accounts: typeof import("@/db/queries/accounts");

beforeAll(async () => {
  await useFreshDatabase();
  [{ userByToken }, { startSession }, client, accounts] = await Promise.all([
    import("./session"),
    import("./start-session"),
    import("@/db/client"),
    import("@/db/queries/accounts"),
  ]);
});
afterAll(() => client.closeDatabase());

let count = 0;
async function signedIn(role: "user" | "operator" = "user") {
  const user = await accounts.insertUser({ email: `s${count++}@test`, passwordHash: "a", role });
  if (!user) throw new Error("no user");
  return { ...user, token: await startSession(user.id, { userAgent: "test", address: "192.0.2.1" }) };
}
const run = (statement: string) => client.db().execute(statement);

test("a session's token names its user, and the table has no token", async () => {
  const { id, accountId, token } = await signedIn();
  expect(await userByToken(token)).toMatchObject({ userId: id, accountId, role: "user", emailVerified: false });
  const rows = await run("select * from sessions");
  expect(JSON.stringify([...rows])).not.toContain(token);
});

test.each([
  ["unused for a week", "update sessions set last_seen_at = now() - interval '7 days 1 minute' where user_id = '?'"],
  ["thirty days old", "update sessions set expires_at = now() where user_id = '?'"],
  ["revoked", "delete from sessions where user_id = '?'"],
  ["of a user who is disabled", "update users set disabled_at = now() where id = '?'"],
  ["of a user with a new password", "update users set password_hash = 'b' where id = '?'"],
  ["of a user who lost his password", "update users set password_hash = null where id = '?'"],
  ["of a user with another role", "update users set role = 'operator' where id = '?'"],
  ["of a user with another address", "update users set email = 'new-' || email where id = '?'"],
])("a session %s has ended", async (_case, statement) => {
  const { id, token } = await signedIn();
  await run(statement.replace("?", id));
  expect(await userByToken(token)).toBeUndefined();
});

test("a session of a disabled user is nobody's, also where its row was left", async () => {
  const { id, token } = await signedIn();
  await run("alter table users disable trigger users_end_sessions");
  await run(`update users set disabled_at = now() where id = '${id}'`);
  await run("alter table users enable trigger users_end_sessions");
  expect(await userByToken(token)).toBeUndefined();
  await expect(startSession(id, { userAgent: null, address: null })).rejects.toThrow("disabled");
});

test("what does not concern sessions does not end them", async () => {
  const { id, token } = await signedIn();
  await run(`update users set name = 'Ada', email_verified_at = now() where id = '${id}'`);
  expect(await userByToken(token)).toMatchObject({ name: "Ada", emailVerified: true });
});

test.each(["", "x", "a".repeat(43), `${"a".repeat(42)}\u0000`, "' or 1=1 --", "../../../../etc/passwd"])(
  "%j is nobody's token",
  async (token) => {
    expect(await userByToken(token)).toBeUndefined();
  },
);

test("the last operator cannot be demoted, disabled or deleted; nor can the last two remove each other", async () => {
  const [one, two] = [await signedIn("operator"), await signedIn("operator")];
  await run(`update users set role = 'user' where role = 'operator' and id not in ('${one.id}', '${two.id}')`);
  const demote = (id: string) => `update users set role = 'user' where id = '${id}'`;
  const other = postgres(process.env.DATABASE_URL ?? "", { max: 1 });
  let second: Promise<unknown> | undefined;
  await other.begin(async (sql) => {
    await sql.unsafe(demote(one.id));
    // While the first is not done yet, the second must not take it for undone.
    second = run(demote(two.id)).then(
      () => "both are gone",
      ({ cause }) => cause.code,
    );
    await sleep(500);
  });
  expect(await second).toBe("LG005");
  await other.end();
  const last = "where role = 'operator'";
  for (const statement of [
    `update users set role = 'user' ${last}`,
    `update users set disabled_at = now() ${last}`,
    `delete from users ${last}`,
  ])
    await expect(run(statement)).rejects.toMatchObject({ cause: { code: "LG005" } });
});
