import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, type Customer, startApp } from "../app";
import { signedIn } from "../signed-in";
import type { Visitor } from "../visitor";

let app: App;
let ada: Customer;
let asAda: Visitor;
let grace: Visitor;
let adasId: string;

beforeAll(async () => {
  app = await startApp();
  ada = await app.customer("1");
  asAda = await signedIn(app, ada.email);
  await app.admin("user", "create", "--email", "grace@example.com", "--role", "operator");
  grace = await signedIn(app, "grace@example.com");
  adasId = (await app.sql`select id from users where email = ${ada.email}`)[0]?.id;
});
afterAll(() => app.stop());

const proved = (ago: string) =>
  app.sql`update sessions set proved_at = now() - ${ago}::interval
    where token_hash = ${createHash("sha256")
      .update(grace.cookies.get("session") ?? "")
      .digest("hex")}`;

const grantOf = () => ({ userId: adasId, amount: "2.5", reason: "an apology", reference: randomUUID() });
const balance = async () =>
  (await app.sql`select posted_nano::text as nano from accounts where id = ${ada.accountId}`)[0]?.nano;

test("the operator's pages are there for operators, and for nobody else", async () => {
  for (const path of ["/operator", `/operator/users/${adasId}`, "/operator/providers/openai"]) {
    const page = await grace.page(path);
    expect(page.status, path).toBe(200);
    expect(await page.text()).not.toContain("could not be shown");
    expect((await asAda.page(path)).status, path).toBe(404);
  }
  expect(await (await asAda.page("/overview")).text()).not.toContain('href="/operator"');
  expect(await (await grace.page("/overview")).text()).toContain('href="/operator"');
});

test("an ordinary user's actions on the desk change nothing", async () => {
  const before = await balance();
  expect(await asAda.action("grant", grantOf())).toMatchObject({ result: { ok: false, message: "Not found." } });
  expect(await balance()).toBe(before);
});

test("credits are given by whoever has just signed in, once for each form, and the audit log says who", async () => {
  const form = grantOf();
  await proved("1 hour");
  expect(await grace.action("grant", form)).toMatchObject({ result: { ok: false, confirm: true } });
  expect(await balance()).toBe("1000000000");
  await proved("1 minute");
  expect(await grace.action("grant", form)).toMatchObject({ result: { ok: true, data: { outcome: "ok" } } });
  expect(await grace.action("grant", form)).toMatchObject({ result: { ok: true, data: { outcome: "already" } } });
  expect(await balance()).toBe("3500000000");
  const [row] = await app.sql`
    select u.email, a.reason from audit_log a join users u on u.id::text = a.actor_id
    where a.action = 'account.credit' and a.target_id = ${ada.accountId} order by a.id desc limit 1`;
  expect(row).toEqual({ email: "grace@example.com", reason: "an apology" });
});

test("an announcement stands on everybody's pages, until his browser puts it away or it is withdrawn", async () => {
  const said = { text: "Prices fall on Monday.", severity: "warning", from: "", until: "" };
  expect(await grace.action("announceAction", said)).toMatchObject({ result: { ok: true } });
  const [row] = await app.sql`select id from announcements`;
  const shown = async () => (await (await asAda.page("/overview")).text()).includes(said.text);
  expect(await shown()).toBe(true);
  asAda.cookies.set("dismissed", `${randomUUID()}.${row?.id}`);
  expect(await shown()).toBe(false);
  asAda.cookies.delete("dismissed");
  await grace.action("withdrawAction", { id: row?.id });
  expect(await shown()).toBe(false);
});

test("a provider's key is in no page of the desk", async () => {
  const apiKey = "sk-entered-on-the-page-0123456789";
  const made = { slug: "mine", name: "Mine", kind: "openai", baseUrl: "", apiKey };
  expect((await grace.action("addProviderAction", made)).redirect).toContain("/operator/providers/mine");
  const [row] = await app.sql`select sealed_api_key from providers where slug = 'mine'`;
  for (const path of ["/operator/providers", "/operator/providers/mine", "/operator/audit"]) {
    const text = await (await grace.page(path)).text();
    expect(text.includes(apiKey) || text.includes(row?.sealed_api_key), path).toBe(false);
  }
  expect(await (await grace.page("/operator/providers/mine")).text()).toContain("sk-...6789");
});
