import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { init, type MailServer } from "smtp-tester";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { findUserByEmail, insertUser } from "@/db/queries/accounts";
import { findUser } from "@/db/queries/users";
import { useFreshDatabase } from "@/tests/database";
import { changeEmail, requestEmailChange } from "./change-email";
import { issueToken, peekToken } from "./one-time-token";
import { type SessionUser, userByToken } from "./session";
import { startSession } from "./start-session";

let mail: MailServer;
const inbox: { to: string; text: string }[] = [];

beforeAll(async () => {
  await useFreshDatabase();
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
  mail = init({ port, host: "127.0.0.1" } as unknown as number);
  mail.bind((_to, _id, { receivers, body }) => inbox.push({ to: Object.keys(receivers).join(), text: body ?? "" }));
  Object.assign(process.env, {
    ...{
      APP_URL: "http://app.test",
      MAIL_FROM: "router@app.test",
      SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true`,
    },
  });
});
afterAll(async () => {
  await closeDatabase();
  await new Promise<void>((resolve) => mail.stop(resolve));
});

async function somebody(): Promise<SessionUser> {
  const email = `${randomUUID()}@old.test`;
  const user = await insertUser({ email, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  return {
    ...{ userId: user.id, accountId: user.accountId, email, name: null, role: "user" },
    ...{ sessionId: randomUUID(), signedInAt: new Date(), emailVerified: true },
  };
}

const newAddress = () => `${randomUUID()}@new.test`;
const mailsTo = (address: string) => inbox.filter(({ to }) => to === address).map(({ text }) => text);
const tokenOf = (text = "") => /[?&]token=([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? "";

test("the address changes when the link to the new one is followed: every session and link ends, and the old one hears of it", async () => {
  const user = await somebody();
  const email = newAddress();
  const session = await startSession(user.userId, { userAgent: null, address: null });
  const reset = await issueToken("reset_password", { userId: user.userId, email: user.email });
  await (await requestEmailChange(user, email.toUpperCase()))();
  expect(await findUser(db(), user.userId)).toMatchObject({ email: user.email });
  expect(mailsTo(user.email)).toEqual([expect.stringContaining(`change your address to ${email}`)]);

  const token = tokenOf(mailsTo(email)[0]);
  const { ticket } = await changeEmail(user, token);
  expect(await findUser(db(), user.userId)).toMatchObject({ email, emailVerifiedAt: expect.any(Date) });
  expect(await userByToken(session)).toBeUndefined();
  expect(await peekToken("reset_password", reset)).toBeUndefined();
  expect(await peekToken("sign_in", ticket)).toMatchObject({ userId: user.userId });
  expect(mailsTo(user.email)[1]).toContain(`is now ${email}`);
  await expect(changeEmail(user, token)).rejects.toMatchObject({ type: "invalid_request" });
});

test("a link is of no use to another user, and an address that is taken is told to its owner alone", async () => {
  const [ada, ben] = [await somebody(), await somebody()];
  const email = newAddress();
  await (await requestEmailChange(ada, email))();
  const token = tokenOf(mailsTo(email)[0]);
  await expect(changeEmail(ben, token)).rejects.toThrow("not one of yours");
  expect(await findUserByEmail(db(), email)).toBeUndefined();

  await (await requestEmailChange(ada, ben.email))();
  expect(mailsTo(ben.email)).toEqual([expect.stringContaining("nothing was changed")]);

  // Taken between the question and the answer.
  await insertUser({ email, passwordHash: null, role: "user" });
  await expect(changeEmail(ada, token)).rejects.toMatchObject({ metadata: { fields: { email: expect.any(String) } } });
  expect(await findUser(db(), ada.userId)).toMatchObject({ email: ada.email });
});

test("it asks for a fresh sign-in", async () => {
  const user = { ...(await somebody()), signedInAt: new Date(Date.now() - 11 * 60_000) };
  await expect(requestEmailChange(user, newAddress())).rejects.toMatchObject({ metadata: { confirm: true } });
});
