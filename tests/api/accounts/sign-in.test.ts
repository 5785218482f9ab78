import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashPassword } from "@/lib/auth/password";
import { HOME } from "@/lib/auth/safe-path";
import { type App, startApp } from "../../app";
import { APP_SECRET } from "../../database";
import { serverActions, type Visitor, visitor } from "../../visitor";

let app: App;
let passwordHash: string;
const PASSWORD = "correct horse battery";
const AUTH_SECRET = "an-auth-secret-that-the-test-knows-0123456789";

beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD);
  app = await startApp({ env: { AUTH_SECRET } });
});
afterAll(() => app.stop());

let count = 0;
async function newUser(role = "user") {
  const email = `user${count++}@accounts.test`;
  const [account] = await app.sql`insert into accounts default values returning id`;
  const [user] = await app.sql`
    insert into users (account_id, email, password_hash, role)
    values (${account?.id}, ${email}, ${passwordHash}, ${role}) returning id`;
  return { id: user?.id as string, email };
}

async function signedIn(email: string, agent?: Record<string, string>): Promise<Visitor> {
  const someone = visitor(app, agent);
  const { redirect, result } = await someone.action("signInWithPassword", { email, password: PASSWORD });
  expect(redirect, JSON.stringify(result)).toBe(HOME);
  return someone;
}

/** Whether the dashboard opens: `/confirm` leads on when the session is fresh, and to the sign-in when there is none. */
async function isIn(someone: Visitor): Promise<boolean> {
  const answer = await someone.page("/confirm?next=/keys");
  const location = answer.headers.get("location") ?? (await answer.text());
  if (location.includes("/sign-in?next=")) return false;
  expect(location).toContain("/keys");
  return true;
}

test("a password opens a session, and signing out ends it everywhere it was copied to", async () => {
  const { email, id } = await newUser();
  const someone = await signedIn(email.toUpperCase(), { "user-agent": "Test browser" });
  expect(await isIn(someone)).toBe(true);
  const [row] = await app.sql`select user_agent, address from sessions where user_id = ${id}`;
  expect(row).toEqual({ user_agent: "Test browser", address: "127.0.0.1" });

  const copy = visitor(app);
  for (const [name, value] of someone.cookies) copy.cookies.set(name, value);
  expect((await someone.action("signOut", undefined)).redirect).toBe("/sign-in");
  expect(someone.cookies.has("session")).toBe(false);
  expect(await isIn(copy)).toBe(false);
});

test("the cookie is HttpOnly and SameSite=Lax, and a signed-in page is in no cache", async () => {
  const { email } = await newUser();
  const someone = visitor(app);
  const { headers } = await someone.action("signInWithPassword", { email, password: PASSWORD });
  const cookie = headers.getSetCookie().find((line) => line.startsWith("session="));
  expect(cookie).toMatch(/; ?HttpOnly/i);
  expect(cookie).toMatch(/; ?SameSite=Lax/i);
  expect(cookie).toMatch(/; ?Path=\/(;|$)/i);
  expect((await someone.page("/sign-in/code")).headers.get("cache-control")).toContain("no-store");
});

describe("a session that is planted, forged or not one", () => {
  test("is replaced at sign-in: the token from before is worth nothing", async () => {
    const [mallory, victim] = [await newUser(), await newUser()];
    const planted = (await signedIn(mallory.email)).cookies.get("session") ?? "";
    const someone = visitor(app);
    someone.cookies.set("session", planted);
    await someone.action("signInWithPassword", { email: victim.email, password: PASSWORD });
    expect(someone.cookies.get("session")).not.toBe(planted);
    const thief = visitor(app);
    thief.cookies.set("session", planted);
    expect(await isIn(thief)).toBe(false);
  });

  test("opens nothing, whatever NextAuth itself has signed", async () => {
    const { id, email } = await newUser();
    const real = (await signedIn(email)).cookies.get("session") ?? "";
    const token = { sub: id, email, sessionToken: real };
    const signed = (salt: string) => encode({ token, secret: AUTH_SECRET, salt });
    const forged = [
      await signed("session"),
      await signed("authjs.session-token"),
      await signed("authjs.pkce.code_verifier"),
      await signed("encodedState"),
      Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url") +
        `.${Buffer.from(JSON.stringify(token)).toString("base64url")}.`,
      id,
      "a".repeat(43),
      "",
    ];
    for (const value of forged)
      for (const name of ["session", "authjs.session-token", "__Host-session", "__Secure-authjs.session-token"]) {
        const someone = visitor(app);
        someone.cookies.set(name, value);
        expect(await isIn(someone)).toBe(false);
      }
  });
});

test.each([
  ["a new password", "update users set password_hash = 'x' where id = ?"],
  ["another role", "update users set role = 'operator' where id = ?"],
  ["being disabled", "update users set disabled_at = now() where id = ?"],
  ["a week of silence", "update sessions set last_seen_at = now() - interval '8 days' where user_id = ?"],
  ["thirty days", "update sessions set expires_at = now() where user_id = ?"],
])("%s ends every session at once", async (_why, statement) => {
  const { email, id } = await newUser();
  const devices = [await signedIn(email), await signedIn(email)];
  for (const device of devices) expect(await isIn(device)).toBe(true);
  await app.sql.unsafe(statement.replace("?", `'${id}'`));
  for (const device of devices) expect(await isIn(device)).toBe(false);
});

test("a disabled user and a wrong password get the answer of an unknown address", async () => {
  const { email, id } = await newUser();
  await app.sql`update users set disabled_at = now() where id = ${id}`;
  const other = await newUser();
  const answers = await Promise.all([
    visitor(app).action("signInWithPassword", { email, password: PASSWORD }),
    visitor(app).action("signInWithPassword", { email: other.email, password: "wrong password" }),
    visitor(app).action("signInWithPassword", { email: "nobody@accounts.test", password: PASSWORD }),
  ]);
  expect(new Set(answers.map(({ result, status }) => JSON.stringify([status, result]))).size).toBe(1);
  expect(answers[0]?.result).toEqual({ ok: false, message: "The address or the password is wrong." });
});

describe("a write that did not come from this site", () => {
  const foreign: [string, Record<string, string | null>][] = [
    ["without an origin", { origin: null }],
    ["from a null origin", { origin: "null" }],
    ["from a null origin that calls itself ours", { origin: "null", "sec-fetch-site": "same-origin" }],
    ["from another site", { origin: "https://evil.test" }],
    ["from another port", { origin: "http://127.0.0.1:1" }],
    ["from a sub-domain", { origin: null, "sec-fetch-site": "same-site" }],
  ];

  test.each(foreign)("%s is refused by every action", async (_case, headers) => {
    const { email } = await newUser();
    const someone = await signedIn(email);
    const before = await app.sql`select count(*)::int as n from sessions`;
    for (const { name } of serverActions()) {
      const { result, redirect } = await someone.action(name, {}, headers);
      expect(redirect, name).toBeUndefined();
      if (result) expect(result, name).toMatchObject({ ok: false, message: expect.stringContaining("this site") });
    }
    expect(await app.sql`select count(*)::int as n from sessions`).toEqual(before);
    expect(await isIn(someone)).toBe(true);
  });

  test.each(["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])(
    "as a plain form (%s) does nothing",
    async (type) => {
      const { email } = await newUser();
      const someone = await signedIn(email);
      const [action] = serverActions().filter(({ name }) => name === "signOut");
      const body = type.startsWith("multipart")
        ? `--x\r\ncontent-disposition: form-data; name="$ACTION_ID_${action?.id}"\r\n\r\n\r\n--x--\r\n`
        : `$ACTION_ID_${action?.id}=`;
      await fetch(`${app.url}/sign-in`, {
        method: "POST",
        redirect: "manual",
        headers: {
          "content-type": type,
          origin: "https://evil.test",
          cookie: `session=${someone.cookies.get("session")}`,
        },
        body,
      });
      expect(await isIn(someone)).toBe(true);
    },
  );
});

test("NextAuth's own addresses are closed, but for the way back from a provider", async () => {
  for (const path of [
    "session",
    "csrf",
    "providers",
    "signin",
    "signout",
    "callback/ticket",
    "callback/google",
    "error",
  ])
    for (const method of ["GET", "POST"]) {
      const { status } = await fetch(`${app.url}/api/auth/${path}`, { method, redirect: "manual" });
      expect([404, 405], `${method} ${path}`).toContain(status);
    }
});

test("a field too many is refused: nobody makes himself an operator", async () => {
  const input = { email: "climber@accounts.test", password: PASSWORD };
  for (const extra of [{ role: "operator" }, { accountId: "x" }, { emailVerified: true }]) {
    const { result } = await visitor(app).action("signUp", { ...input, ...extra });
    expect(result).toMatchObject({ ok: false });
  }
  expect(await app.sql`select 1 from users where email = ${input.email}`).toHaveLength(0);
  expect((await visitor(app).action("signUp", input)).redirect).toBe(HOME);
  expect(await app.sql`select role from users where email = ${input.email}`).toEqual([{ role: "user" }]);
});

test("a link that is none is refused before a password is hashed for it: hashing takes a core and 19 MiB", async () => {
  const input = { token: "x".repeat(43), password: "short" };
  for (const [name, more] of [
    ["setNewPassword", {}],
    ["finishSignUp", {}],
    ["setUp", { email: "nobody@accounts.test" }],
  ] as const) {
    const { result } = await visitor(app).action(name, { ...input, ...more });
    expect(result, name).toEqual({ ok: false, message: expect.stringContaining("no longer valid") });
  }
});

test.each([
  "//evil.test",
  "https://evil.test",
  "/\\evil.test",
  "/\tevil.test//",
  "javascript:alert(1)",
  "/%09//evil.test",
])("a sign-in does not lead to %j", async (next) => {
  const { email } = await newUser();
  const { redirect } = await visitor(app).action("signInWithPassword", { email, password: PASSWORD, next });
  const target = new URL(redirect ?? "", app.url);
  expect(target.origin).toBe(app.url);
  expect(target.pathname.startsWith("//")).toBe(false);
});

test("what the server prints and stores opens nothing: no password, no token, no secret", async () => {
  const { email } = await newUser();
  const someone = await signedIn(email);
  const tables =
    await app.sql`select row_to_json(s) as row from sessions s union all select row_to_json(t) from auth_tokens t union all select row_to_json(a) from attempt_counters a`;
  const dump = JSON.stringify(tables) + app.output();
  for (const secret of [someone.cookies.get("session") ?? "", PASSWORD, APP_SECRET, AUTH_SECRET, email])
    expect(dump).not.toContain(secret);
});
