import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OAuth2Server } from "oauth2-mock-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashPassword } from "@/lib/auth/password";
import { HOME } from "@/lib/auth/safe-path";
import { type App, freePort, startApp } from "../../app";
import { type Visitor, visitor } from "../../visitor";

let app: App;
/** NextAuth takes 127.0.0.1 for localhost, so that is how this site is named. */
let site: string;
let issuer: OAuth2Server;
let gitHub: Server;
const PASSWORD = "correct horse battery";

/** What the issuer says of whoever signs in there next. */
let person: Record<string, unknown> = {};
/** What the GitHub of the test says. */
let account = { id: 1, login: "ada", name: "Ada", email: "public@accounts.test" };
let addresses: { email: string; primary: boolean; verified: boolean }[] = [];

beforeAll(async () => {
  issuer = new OAuth2Server();
  await issuer.issuer.keys.generate("RS256");
  await issuer.start(0, "127.0.0.1");
  issuer.service.on("beforeTokenSigning", (token) => Object.assign(token.payload, person));
  gitHub = await startGitHub();
  const port = await freePort();
  site = `http://localhost:${port}`;
  app = await startApp({
    env: {
      PORT: String(port),
      APP_URL: site,
      OIDC_ISSUER: issuer.issuer.url ?? "",
      OIDC_CLIENT_ID: "router",
      OIDC_CLIENT_SECRET: "secret",
      GITHUB_CLIENT_ID: "router",
      GITHUB_CLIENT_SECRET: "secret",
      GITHUB_URL: `http://127.0.0.1:${(gitHub.address() as AddressInfo).port}`,
    },
  });
});
afterAll(async () => {
  await app.stop();
  await issuer.stop();
  gitHub.close();
});

/** GitHub's four addresses, and as much of them as a sign-in asks for. */
async function startGitHub(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const json = (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (pathname === "/login/oauth/authorize") {
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      back.search = `?${new URLSearchParams({ code: "code", state: searchParams.get("state") ?? "" })}`;
      return void response.writeHead(302, { location: back.href }).end();
    }
    if (pathname === "/login/oauth/access_token")
      return json({ access_token: "gh", token_type: "bearer", scope: "user:email" });
    if (pathname === "/api/v3/user") return json(account);
    if (pathname === "/api/v3/user/emails") return json(addresses);
    response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return server;
}

/** Goes to the provider and back as far as the callback's address. */
async function comeBack(someone: Visitor, provider = "oidc", next?: string): Promise<URL> {
  const { redirect, result } = await someone.action("signInElsewhere", { provider, next });
  expect(redirect, JSON.stringify(result)).toBeDefined();
  return callbackOf(redirect ?? "");
}

async function callbackOf(authorization: string): Promise<URL> {
  const answer = await fetch(authorization, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

async function finish(someone: Visitor, callback: URL): Promise<string> {
  expect(callback.origin).toBe(site);
  const answer = await someone.page(callback.pathname + callback.search);
  return (answer.headers.get("location") ?? `status ${answer.status}`).replace(site, "");
}

const enter = async (someone: Visitor, provider?: string, next?: string) =>
  finish(someone, await comeBack(someone, provider, next));
const isIn = async (someone: Visitor) =>
  (await (await someone.page("/settings/security")).text()).includes("Where you are signed in");
const identities = (email: string) => app.sql`
  select provider, subject from identities join users on users.id = user_id where users.email = ${email}`;

async function newUser(email: string, verified: boolean) {
  const [row] = await app.sql`insert into accounts default values returning id`;
  await app.sql`
    insert into users (account_id, email, password_hash, email_verified_at)
    values (${row?.id}, ${email}, ${await hashPassword(PASSWORD)}, ${verified ? new Date() : null})`;
}

test("who signs in by OpenID Connect gets an account with a verified address, and the same one the next time", async () => {
  person = { sub: "one", email: "One@accounts.test", email_verified: true, name: "One" };
  const first = visitor({ url: site });
  expect(await enter(first, "oidc", "/settings/security")).toBe("/settings/security");
  expect(await isIn(first)).toBe(true);
  const [user] = await app.sql`select id, name, role, email_verified_at from users where email = 'one@accounts.test'`;
  expect(user).toMatchObject({ name: "One", role: "user", email_verified_at: expect.any(Date) });

  person = { sub: "one", email: "renamed@accounts.test", email_verified: true };
  const again = visitor({ url: site });
  await enter(again);
  expect(await isIn(again)).toBe(true);
  expect(await app.sql`select 1 from users where email = 'renamed@accounts.test'`).toHaveLength(0);
  expect(first.cookies.get("session")).not.toBe(again.cookies.get("session"));
});

test("the request to the provider carries state, PKCE and a nonce, and leads back to APP_URL", async () => {
  const { redirect } = await visitor({ url: site }).action("signInElsewhere", { provider: "oidc" });
  const { searchParams } = new URL(redirect ?? "");
  expect(searchParams.get("redirect_uri")).toBe(`${site}/api/auth/callback/oidc`);
  expect(searchParams.get("code_challenge_method")).toBe("S256");
  for (const name of ["state", "nonce", "code_challenge"])
    expect(searchParams.get(name)?.length, name).toBeGreaterThan(20);
});

test.each([
  ["that the provider did not verify", { email: "unverified@accounts.test", email_verified: false }],
  ["of which the provider says nothing", { email: "silent@accounts.test" }],
  ["that is called verified in a text", { email: "text@accounts.test", email_verified: "true" }],
  ["that is missing", { email_verified: true }],
])("an address %s makes no account", async (_case, claims) => {
  person = { sub: `refused-${JSON.stringify(claims)}`, ...claims };
  const someone = visitor({ url: site });
  expect(await enter(someone)).toBe("/sign-in?error=unverified");
  expect(await isIn(someone)).toBe(false);
  expect(await app.sql`select 1 from identities where subject like 'refused-%'`).toHaveLength(0);
});

test.each([true, false])(
  "the address of an account that is there connects nothing by itself (verified: %s)",
  async (verified) => {
    const email = `there-${verified}@accounts.test`;
    await newUser(email, verified);
    for (const provider of ["oidc", "github"]) {
      person = { sub: `thief-${verified}`, email, email_verified: true };
      account = { ...account, id: verified ? 66 : 67 };
      addresses = [{ email, primary: true, verified: true }];
      const someone = visitor({ url: site });
      expect(await enter(someone, provider)).toBe("/sign-in?error=taken");
      expect(await isIn(someone)).toBe(false);
    }
    expect(await identities(email)).toHaveLength(0);
  },
);

test("an answer without its state, with another's, in another browser or a second time is refused", async () => {
  person = { sub: "replay", email: "replay@accounts.test", email_verified: true };
  const someone = visitor({ url: site });
  const callback = await comeBack(someone);
  const cases: [string, Visitor, (url: URL) => void][] = [
    ["without state", someone, (url) => url.searchParams.delete("state")],
    ["with a made-up state", someone, (url) => url.searchParams.set("state", "x".repeat(43))],
    ["in another browser", visitor({ url: site }), () => {}],
  ];
  for (const [name, browser, change] of cases) {
    const changed = new URL(callback);
    change(changed);
    const kept = new Map(browser.cookies);
    expect(await finish(browser, changed), name).toContain("/sign-in");
    expect(browser.cookies.has("session"), name).toBe(false);
    for (const [cookie, value] of kept) browser.cookies.set(cookie, value);
  }
  const jar = new Map(someone.cookies);
  expect(await finish(someone, callback)).toBe(HOME);
  const replayed = visitor({ url: site });
  for (const [cookie, value] of jar) replayed.cookies.set(cookie, value);
  expect(await finish(replayed, callback)).toContain("/sign-in");
  expect(replayed.cookies.has("session")).toBe(false);
});

test("GitHub's primary address counts if it is verified; the public one of the profile does not", async () => {
  account = { id: 7, login: "gh", name: "Gh", email: "public@accounts.test" };
  addresses = [
    { email: "other@accounts.test", primary: false, verified: true },
    { email: "gh@accounts.test", primary: true, verified: false },
  ];
  expect(await enter(visitor({ url: site }), "github")).toBe("/sign-in?error=unverified");
  addresses = [{ email: "gh@accounts.test", primary: true, verified: true }];
  const someone = visitor({ url: site });
  expect(await enter(someone, "github")).toBe(HOME);
  expect(await identities("gh@accounts.test")).toEqual([{ provider: "github", subject: "7" }]);
  expect(await app.sql`select 1 from users where email = 'public@accounts.test'`).toHaveLength(0);
});

test("whoever is signed in connects a provider himself, and signs in with it from then on; nobody else can", async () => {
  const email = "connects@accounts.test";
  await newUser(email, false);
  const owner = visitor({ url: site });
  await owner.action("signInWithPassword", { email, password: PASSWORD });
  person = { sub: "connected", email: "elsewhere@accounts.test", email_verified: true };
  const { redirect } = await owner.action("connectProvider", { provider: "oidc" });
  const callback = await callbackOf(redirect ?? "");

  const stolen = visitor({ url: site });
  for (const [name, value] of owner.cookies) if (name !== "session") stolen.cookies.set(name, value);
  expect(await finish(owner, callback)).toBe("/settings/security?connected=oidc");
  expect(await finish(stolen, callback)).toContain("/sign-in");
  expect(await identities(email)).toEqual([{ provider: "oidc", subject: "connected" }]);

  const later = visitor({ url: site });
  await enter(later);
  expect(await isIn(later)).toBe(true);
  const other = "other-owner@accounts.test";
  await newUser(other, false);
  const second = visitor({ url: site });
  await second.action("signInWithPassword", { email: other, password: PASSWORD });
  const again = await second.action("connectProvider", { provider: "oidc" });
  expect(await finish(second, await callbackOf(again.redirect ?? ""))).toBe("/settings/security?connected=elsewhere");
  expect(await identities(other)).toHaveLength(0);

  expect((await owner.action("disconnectProvider", { provider: "oidc" })).result).toMatchObject({ ok: true });
  expect(await identities(email)).toHaveLength(0);
});

test("the only way in cannot be disconnected, and a disabled user has none", async () => {
  person = { sub: "only", email: "only@accounts.test", email_verified: true };
  const someone = visitor({ url: site });
  await enter(someone);
  expect((await someone.action("disconnectProvider", { provider: "oidc" })).result).toMatchObject({ ok: false });
  await app.sql`update users set disabled_at = now() where email = 'only@accounts.test'`;
  expect(await enter(visitor({ url: site }))).toBe("/sign-in?error=disabled");
});
