import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { findUserByEmail, insertUser } from "@/db/queries/accounts";
import { listByokKeys } from "@/db/queries/byok-keys";
import { upsertProvider } from "@/db/queries/catalogue";
import { findIdentity, insertIdentity } from "@/db/queries/identities";
import { authenticate } from "@/lib/keys/authenticate";
import { addByokKey } from "@/lib/keys/byok";
import { mintKey } from "@/lib/keys/manage";
import { useFreshDatabase } from "@/tests/database";
import { followMagicLink, resetPassword, verifyAddress } from "./mailed-links";
import { issueToken, peekToken } from "./one-time-token";
import { hashPassword } from "./password";
import { beginAuthenticator, confirmAuthenticator, hasSecondFactor } from "./second-factor";
import { userByToken } from "./session";
import { signInByPassword } from "./sign-in";
import { signUpWithoutMail } from "./sign-up";
import { startSession } from "./start-session";

const PASSWORD = "correct horse";

beforeAll(async () => {
  await useFreshDatabase();
  process.env.APP_URL = "http://app.test";
  await upsertProvider(db(), {
    slug: "alpha",
    name: "Alpha",
    kind: "openai",
    baseUrl: "http://127.0.0.1:1/v1",
    sealedApiKey: null,
  });
});
afterAll(() => closeDatabase());

/** Lays every way in that there is. */
async function furnish(email: string) {
  const user = await findUserByEmail(db(), email);
  if (!user) throw new Error("no user");
  const { id, accountId } = user;
  const subject = randomUUID();
  await insertIdentity(db(), { provider: "github", subject, userId: id, email });
  const { secret } = await beginAuthenticator({ userId: id, email });
  await confirmAuthenticator(id, new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  const session = await startSession(id, { userAgent: null, address: null });
  const { key } = await mintKey({ accountId, name: "squatter's" });
  await addByokKey({ accountId, provider: "alpha", key: "sk-squatters-own-key" });
  const reset = await issueToken("reset_password", { userId: id, email });
  const lives = async () => ({
    password: await signInByPassword(email, PASSWORD).then(
      () => true,
      () => false,
    ),
    identity: Boolean(await findIdentity(db(), "github", subject)),
    authenticator: await hasSecondFactor(id),
    codes: (await db().execute(sql`select 1 from recovery_codes where user_id = ${id}`)).length > 0,
    session: Boolean(await userByToken(session)),
    key: await authenticate((name) => (name === "authorization" ? `Bearer ${key}` : undefined)).then(
      () => true,
      () => false,
    ),
    byok: (await listByokKeys(db(), accountId)).total > 0,
    link: Boolean(await peekToken("reset_password", reset)),
  });
  return { id, email, lives };
}

/** Somebody who makes an account with an address that may not be his, where no mail can be sent. */
async function squatted() {
  const email = `${randomUUID()}@test`;
  await signUpWithoutMail(email, { password: PASSWORD });
  return furnish(email);
}

const nothing = {
  password: false,
  identity: false,
  authenticator: false,
  codes: false,
  session: false,
  key: false,
  byok: false,
  link: false,
};
const everything = {
  password: true,
  identity: true,
  authenticator: true,
  codes: true,
  session: true,
  key: true,
  byok: true,
  link: true,
};

describe("whoever first reads the mail of an account that anybody could have made gets it without a way in that was laid before", () => {
  test("by a link for signing in, with no code asked for", async () => {
    const { id, email, lives } = await squatted();
    expect(await followMagicLink(await issueToken("magic_link", { userId: id, email }))).toHaveProperty("ticket");
    expect(await lives()).toEqual(nothing);
    // Only the first time: what he sets himself stays.
    const { lives: own } = await furnish(email);
    expect(await followMagicLink(await issueToken("magic_link", { userId: id, email }))).toHaveProperty("challenge");
    expect(await own()).toEqual({ ...everything, password: false });
  });

  test("by a new password, which is then the only one", async () => {
    const { id, email, lives } = await squatted();
    const link = await issueToken("reset_password", { userId: id, email });
    expect(await resetPassword(link, "battery staple")).toHaveProperty("ticket");
    expect(await lives()).toEqual(nothing);
    expect(await signInByPassword(email, "battery staple")).toHaveProperty("ticket");
  });

  test("by confirming the address", async () => {
    const { id, email, lives } = await squatted();
    await verifyAddress(await issueToken("verify_email", { userId: id, email }), randomUUID());
    expect(await lives()).toEqual(nothing);
  });
});

test("whoever is signed in there as well keeps everything", async () => {
  const { id, email, lives } = await squatted();
  await verifyAddress(await issueToken("verify_email", { userId: id, email }), id);
  expect(await lives()).toEqual(everything);
  expect(await findUserByEmail(db(), email)).toMatchObject({ claimed: false, emailVerifiedAt: expect.any(Date) });
});

test("an account that the operator made keeps everything too: he asked for it", async () => {
  const email = `${randomUUID()}@test`;
  await insertUser({ email, passwordHash: await hashPassword(PASSWORD), role: "user" });
  const { id, lives } = await furnish(email);
  await followMagicLink(await issueToken("magic_link", { userId: id, email }));
  expect(await lives()).toEqual(everything);
});
