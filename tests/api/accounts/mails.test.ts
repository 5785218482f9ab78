import { Secret, TOTP } from "otpauth";
import { init, type MailServer } from "smtp-tester";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOME } from "@/lib/auth/safe-path";
import { type App, eventually, freePort, startApp } from "../../app";
import { type Visitor, visitor } from "../../visitor";

let app: App;
let mail: MailServer;
const inbox: { to: string; subject: string; text: string }[] = [];
const PASSWORD = "correct horse battery";

beforeAll(async () => {
  const [port, smtp] = [await freePort(), await freePort()];
  // Its types know of a port alone; on loopback and nowhere else.
  mail = init({ port: smtp, host: "127.0.0.1" } as unknown as number);
  mail.bind((_to, _id, { receivers, headers, body }) =>
    inbox.push({ to: Object.keys(receivers).join(), subject: String(headers.subject), text: body ?? "" }),
  );
  app = await startApp({
    env: {
      PORT: String(port),
      APP_URL: `http://127.0.0.1:${port}`,
      SMTP_URL: `smtp://127.0.0.1:${smtp}?ignoreTLS=true`,
      MAIL_FROM: "router@accounts.test",
      ADMIN_EMAIL: "Boss@Accounts.test",
      TRUSTED_PROXIES: "127.0.0.1",
      SIGN_UP_CREDIT: "0.50",
    },
  });
});
afterAll(async () => {
  await app.stop();
  await new Promise<void>((resolve) => mail.stop(resolve));
});

let count = 0;
/** Everyone comes from an address of his own, so that no test uses up another's tries. */
const someone = () => visitor(app, { "x-forwarded-for": `203.0.113.${count++ % 250}`, "user-agent": "test" });
const mailsTo = (address: string) => inbox.filter(({ to }) => to === address);

async function nextMail(address: string, before: number) {
  const mails = await eventually(
    async () => mailsTo(address),
    (found) => found.length > before,
  );
  expect(mails.length, `a mail to ${address}`).toBe(before + 1);
  return mails.at(-1) ?? { to: "", subject: "", text: "" };
}
const tokenOf = ({ text }: { text: string }) => /[?&]token=([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? "";

async function signedUp(email: string): Promise<Visitor> {
  const person = someone();
  expect((await person.action("mailSignUpLink", { email })).result).toEqual({ ok: true, data: "$undefined" });
  const token = tokenOf(await nextMail(email, 0));
  expect((await person.page(`/verify?token=${token}`)).status).toBe(200);
  const { redirect, result } = await person.action("finishSignUp", { token, password: PASSWORD, name: "Ada" });
  expect(redirect, JSON.stringify(result)).toBe(HOME);
  return person;
}
const rowOf = async (email: string) => (await app.sql`select * from users where email = ${email}`)[0];

test("an account is made for who reads the mail, verified, with the credit for it; the link works once", async () => {
  const email = "ada@accounts.test";
  expect(await rowOf(email)).toBeUndefined();
  await signedUp(email);
  const row = await rowOf(email);
  expect(row).toMatchObject({ name: "Ada", role: "user", email_verified_at: expect.any(Date) });
  expect(await app.sql`select posted_nano from accounts where id = ${row?.account_id}`).toEqual([
    { posted_nano: "500000000" },
  ]);
  const again = await someone().action("finishSignUp", {
    token: tokenOf(mailsTo(email)[0] ?? { text: "" }),
    password: PASSWORD,
  });
  expect(again.result).toMatchObject({ ok: false, message: expect.stringContaining("no longer valid") });
});

test("links are to APP_URL", async () => {
  await someone().action("mailSignUpLink", { email: "host@accounts.test" });
  expect((await nextMail("host@accounts.test", 0)).text).toContain(`\n${app.url}/verify?token=`);
});

test("asking tells nobody who has an account: the answers are the same, and a taken address gets a mail of its own", async () => {
  const known = "known@accounts.test";
  await signedUp(known);
  for (const action of ["mailSignUpLink", "mailResetLink", "mailMagicLink"]) {
    const [there, notThere] = [
      await someone().action(action, { email: known }),
      await someone().action(action, { email: `nobody-${action.toLowerCase()}@accounts.test` }),
    ];
    expect([there.status, there.result, there.redirect]).toEqual([notThere.status, notThere.result, notThere.redirect]);
  }
  await eventually(
    async () => mailsTo(known),
    (found) => found.length === 4,
  );
  expect(mailsTo(known).map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([expect.stringContaining("You have an account")]),
  );
  expect(mailsTo("nobody-mailresetlink@accounts.test")).toHaveLength(0);
});

describe("a new password", () => {
  test("comes by a link that works once, ends every session, and takes the older links with it", async () => {
    const email = "reset@accounts.test";
    const device = await signedUp(email);
    await someone().action("mailResetLink", { email });
    const first = tokenOf(await nextMail(email, 1));
    await someone().action("mailResetLink", { email });
    const second = tokenOf(await nextMail(email, 2));

    const opened = await someone().page(`/reset?token=${second}`);
    expect(await opened.text()).toContain("Choose a new password");
    const tries = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        someone().action("setNewPassword", { token: second, password: `new password ${n}` }),
      ),
    );
    expect(tries.filter(({ redirect }) => redirect === HOME)).toHaveLength(1);
    expect((await someone().action("setNewPassword", { token: first, password: "another one" })).result).toMatchObject({
      ok: false,
    });
    expect((await device.page("/confirm")).headers.get("location") ?? "").toContain("/sign-in");
    expect((await someone().action("signInWithPassword", { email, password: PASSWORD })).result).toMatchObject({
      ok: false,
    });
    expect(mailsTo(email).at(-1)?.subject).toContain("has changed");
  });

  test("lets in the owner of an account whose password somebody guesses at", async () => {
    const email = "besieged@accounts.test";
    await signedUp(email);
    const waits = [];
    for (let n = 0; n < 12; n++)
      waits.push((await someone().action("signInWithPassword", { email, password: `guess ${n}` })).result.message);
    expect(waits.at(-1)).toContain("Too many tries");
    expect((await someone().action("signInWithPassword", { email, password: PASSWORD })).result).toMatchObject({
      message: expect.stringContaining("Too many tries"),
    });
    await someone().action("mailResetLink", { email });
    const token = tokenOf(await nextMail(email, 1));
    expect((await someone().action("setNewPassword", { token, password: "a better one" })).redirect).toBe(HOME);
    expect((await someone().action("signInWithPassword", { email, password: "a better one" })).redirect).toBe(HOME);
  });
});

test("a magic link signs in once, and not by being opened", async () => {
  const email = "magic@accounts.test";
  await signedUp(email);
  await someone().action("mailMagicLink", { email });
  const token = tokenOf(await nextMail(email, 1));
  for (let n = 0; n < 3; n++)
    expect(await (await someone().page(`/magic-link?token=${token}`)).text()).toContain("Sign in");
  expect((await someone().action("openMagicLink", { token, next: "/settings/security" })).redirect).toBe(
    "/settings/security",
  );
  expect((await someone().action("openMagicLink", { token })).result).toMatchObject({ ok: false });
});

test("a link of one kind is none of another", async () => {
  const email = "kinds@accounts.test";
  await signedUp(email);
  await someone().action("mailMagicLink", { email });
  const token = tokenOf(await nextMail(email, 1));
  for (const [action, more] of Object.entries({
    setNewPassword: { password: PASSWORD },
    finishSignUp: { password: PASSWORD },
    setUp: { email: "x@accounts.test", password: PASSWORD },
    confirmAddress: {},
  }))
    expect((await someone().action(action, { token, ...more })).result, action).toMatchObject({ ok: false });
  expect((await someone().action("openMagicLink", { token })).redirect).toBe(HOME);
});

test("whoever verifies ADMIN_EMAIL is an operator, and nobody else", async () => {
  await signedUp("boss@accounts.test");
  expect(await rowOf("boss@accounts.test")).toMatchObject({ role: "operator" });
  expect(await app.sql`select email from users where role = 'operator'`).toEqual([{ email: "boss@accounts.test" }]);
});

test("one address is written to at most six times an hour", async () => {
  const email = "flooded@accounts.test";
  const results = [];
  for (let n = 0; n < 9; n++) results.push((await someone().action("mailMagicLink", { email })).result);
  expect(results.filter(({ ok }) => ok).length).toBeLessThanOrEqual(6);
  expect(results).toContainEqual({ ok: false, message: expect.stringContaining("Too many tries") });
});

describe("two-factor sign-in", () => {
  const codeOf = (secret: string, stepsOn = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsOn * 30_000 });

  test("asks for a code after the password; each code and each recovery code works once", async () => {
    const email = "factor@accounts.test";
    const person = await signedUp(email);
    const begun = await person.action("beginSecondFactor", {});
    const { secret } = begun.result.data;
    expect((await person.action("confirmSecondFactor", { code: "000000" })).result).toMatchObject({ ok: false });
    const first = codeOf(secret, -1);
    const { codes } = (await person.action("confirmSecondFactor", { code: first })).result.data;
    expect(codes).toHaveLength(10);
    expect(JSON.stringify(await app.sql`select * from authenticators`)).not.toContain(secret);
    expect(JSON.stringify(await app.sql`select * from recovery_codes`)).not.toContain(codes[0]);

    const pass = async () => {
      const device = someone();
      const { redirect, result } = await device.action("signInWithPassword", {
        email,
        password: PASSWORD,
        next: "/chat",
      });
      expect(redirect ?? result).toContain("/sign-in/code");
      expect(device.cookies.has("session")).toBe(false);
      return device;
    };
    const device = await pass();
    expect((await device.action("submitCode", { code: first })).result, "a code that was used").toMatchObject({
      ok: false,
    });
    const code = codeOf(secret);
    expect((await device.action("submitCode", { code, next: "/chat" })).redirect).toBe("/chat");
    expect(device.cookies.has("session")).toBe(true);
    expect((await (await pass()).action("submitCode", { code })).result, "its replay").toMatchObject({ ok: false });

    const together = await Promise.all(Array.from({ length: 5 }, pass));
    const taken = await Promise.all(together.map((one) => one.action("submitCode", { code: codes[0].toLowerCase() })));
    expect(taken.filter(({ redirect }) => redirect === HOME)).toHaveLength(1);

    await someone().action("mailMagicLink", { email });
    const token = tokenOf(await nextMail(email, 1));
    expect((await someone().action("openMagicLink", { token })).redirect, "a mailbox is one factor").toContain(
      "/sign-in/code",
    );
  });

  test("is not guessed: ten codes a quarter of an hour, whoever tries from wherever", async () => {
    const email = "guessed@accounts.test";
    const person = await signedUp(email);
    const { secret } = (await person.action("beginSecondFactor", {})).result.data;
    await person.action("confirmSecondFactor", { code: codeOf(secret) });
    let tried = 0;
    for (let n = 0; n < 15; n++) {
      const device = someone();
      await device.action("signInWithPassword", { email, password: PASSWORD });
      const { result } = await device.action("submitCode", { code: String(n).padStart(6, "0") });
      if (!result.message.includes("Too many tries")) tried++;
    }
    expect(tried).toBeLessThanOrEqual(10);
  });

  test("and step-up are needed for what a stolen session must not do", async () => {
    const email = "stolen@accounts.test";
    const person = await signedUp(email);
    await app.sql`update sessions set proved_at = now() - interval '11 minutes'`;
    for (const action of ["beginSecondFactor", "turnOffSecondFactor", "newRecoveryCodes"])
      expect((await person.action(action, {})).result, action).toMatchObject({ ok: false, confirm: true });
    const change = { current: "wrong", password: "a new password" };
    expect((await person.action("setPassword", change)).result).toMatchObject({
      fields: { current: expect.any(String) },
    });
    expect((await person.action("confirm", { password: "wrong" })).result).toMatchObject({ ok: false });
    expect((await person.action("confirm", { password: PASSWORD, next: "/settings/security" })).redirect).toBe(
      "/settings/security",
    );
    expect((await person.action("beginSecondFactor", {})).result).toMatchObject({ ok: true });
  });
});

test("a new password keeps this device signed in, under a new token, and no other; sessions end one by one", async () => {
  const email = "devices@accounts.test";
  const here = await signedUp(email);
  const there = someone();
  await there.action("signInWithPassword", { email, password: PASSWORD });
  const before = here.cookies.get("session");
  expect((await here.action("setPassword", { current: PASSWORD, password: "a new password" })).result).toMatchObject({
    ok: true,
  });
  expect(here.cookies.get("session")).not.toBe(before);
  const isIn = async (device: Visitor) =>
    (await (await device.page("/settings/security")).text()).includes("Where you are signed in");
  expect([await isIn(here), await isIn(there)]).toEqual([true, false]);

  await there.action("signInWithPassword", { email, password: "a new password" });
  const sessions = await app.sql`
    select s.id from sessions s join users u on u.id = s.user_id where email = ${email} order by s.created_at`;
  const stranger = await signedUp("stranger@accounts.test");
  expect((await stranger.action("endSession", { sessionId: sessions[1]?.id })).result).toMatchObject({ ok: false });
  expect(await isIn(there)).toBe(true);
  expect((await here.action("endSession", { sessionId: sessions[1]?.id })).result).toMatchObject({ ok: true });
  expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
});
