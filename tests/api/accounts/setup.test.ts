import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME } from "@/lib/auth/safe-path";
import { type App, startApp } from "../../app";
import { visitor } from "../../visitor";

let app: App;

beforeAll(async () => {
  app = await startApp({ env: { TRUSTED_PROXIES: "127.0.0.1" } });
});
afterAll(() => app.stop());

const setUpToken = (output: string) => {
  const links = [...output.matchAll(/becomes the first: (\S+)/g)].map(([, link]) => new URL(link ?? ""));
  return links.at(-1)?.searchParams.get("token") ?? "";
};
const fromElsewhere = (index: number) => visitor(app, { "x-forwarded-for": `203.0.113.${index}` });
const wish = (token: string, index: number) => ({
  token,
  email: `operator${index}@accounts.test`,
  password: "correct horse battery",
});
const operators = () => app.sql`select email from users where role = 'operator'`;

test("the first to sign up on a fresh server is a user like any other", async () => {
  const { redirect } = await visitor(app).action("signUp", { email: "early@accounts.test", password: "correct horse" });
  expect(redirect).toBe(HOME);
  expect(await operators()).toHaveLength(0);
});

test("a wrong or an old link makes no operator, and does not cost the right one", async () => {
  const token = setUpToken(app.output());
  for (const wrong of ["", "a".repeat(43), token.slice(1), `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`])
    expect((await fromElsewhere(200).action("setUp", wish(wrong, 0))).result).toMatchObject({ ok: false });
  const taken = await fromElsewhere(201).action("setUp", { ...wish(token, 0), email: "early@accounts.test" });
  expect(taken.result).toMatchObject({ ok: false, fields: { email: expect.stringContaining("already") } });
  await app.sql`update auth_tokens set expires_at = now() - interval '1 second'`;
  expect((await fromElsewhere(202).action("setUp", wish(token, 0))).result).toMatchObject({ ok: false });
  await app.sql`update auth_tokens set expires_at = now() + interval '1 hour'`;
  expect(await operators()).toHaveLength(0);
});

test("fifty who open the link of the first start at once make one operator, signed in; after that it makes none", async () => {
  const token = setUpToken(app.output());
  expect((await visitor(app).page(`/setup?token=${token}`)).status).toBe(200);
  const tries = await Promise.all(
    Array.from({ length: 50 }, (_, index) => fromElsewhere(index).action("setUp", wish(token, index))),
  );
  expect(tries.filter(({ redirect }) => redirect === HOME)).toHaveLength(1);
  expect(await operators()).toHaveLength(1);
  expect((await fromElsewhere(99).action("setUp", wish(token, 99))).result).toMatchObject({ ok: false });
  expect(await app.sql`select 1 from auth_tokens where purpose = 'operator_setup'`).toHaveLength(0);
});

test("a start prints a link while there is no operator, and none when there is", async () => {
  const again = await startApp({ databaseUrl: app.databaseUrl });
  await again.stop();
  expect(again.output()).not.toContain("/setup?token");
});
