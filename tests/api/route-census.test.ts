import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, type Customer, startApp } from "../app";
import { actions, pages, routes } from "../route-classes";
import { signedIn } from "../signed-in";
import { serverActions, type Visitor, visitor } from "../visitor";

const TOKEN = "a token of the settings";

let app: App;
let customer: Customer;
let user: Visitor;
let managementKey: string;

beforeAll(async () => {
  app = await startApp({ env: { CRON_SECRET: TOKEN, METRICS_TOKEN: TOKEN } });
  customer = await app.customer("1");
  user = await signedIn(app, customer.email);
  ({ key: managementKey } = await app.admin("key", "create", "--user", customer.email, "--management"));
});
afterAll(() => app.stop());

/** `app/(dashboard)/keys/page.tsx` is `(dashboard)/keys`. */
const found = (file: string) =>
  readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(`/${file}`))
    .map((path) => path.slice(0, -file.length - 1))
    .sort();

/** An address of the folder, with something in place of each of its parameters. */
const addressOf = (folder: string) =>
  `/${folder
    .split("/")
    .filter((part) => !part.startsWith("("))
    .map((part) => (part.startsWith("[") ? "1" : part))
    .join("/")}`;

test("every page, route and action has its class, and every class its page, route or action", () => {
  const named = serverActions().map(({ name }) => name);
  expect(found("page.tsx")).toEqual(Object.keys(pages).sort());
  expect(found("route.ts")).toEqual(Object.keys(routes).sort());
  expect([...new Set(named)].sort()).toEqual(Object.keys(actions).sort());
  expect(named, "two actions of one name").toHaveLength(Object.keys(actions).length);
  const total = Object.keys(pages).length + Object.keys(routes).length + named.length;
  console.log(
    `${total} doors: ${Object.keys(pages).length} pages, ${Object.keys(routes).length} routes, ${named.length} actions`,
  );
});

/** Somebody with a cookie that is nobody's: what looks at the cookie's name alone lets him through. */
function nobody() {
  const someone = visitor(app);
  someone.cookies.set("session", "x".repeat(43));
  return someone;
}

/** Where a page leads a visitor: by its status, or by what it streams when the frame was on its way already. */
async function leadsTo(someone: Visitor, path: string): Promise<string> {
  const answer = await someone.page(path);
  const location = answer.headers.get("location") ?? /NEXT_REDIRECT;\w+;([^;]+);/.exec(await answer.text())?.[1];
  return location ? new URL(location, app.url).pathname : String(answer.status);
}

describe.each(Object.entries(pages))("page %s is for: %s", (folder, kind) => {
  test("its guard", async () => {
    const path = addressOf(folder);
    if (kind === "public") return expect(await leadsTo(visitor(app), path)).not.toMatch(/^5/);
    expect(await leadsTo(visitor(app), path)).toBe("/sign-in");
    expect(await leadsTo(nobody(), path)).toBe("/sign-in");
    if (kind === "operator") return expect(await leadsTo(user, path)).toBe("404");
    expect(await leadsTo(user, path)).not.toBe("/sign-in");
  });
});

const methodsOf = (folder: string) =>
  [...readFileSync(`app/${folder}/route.ts`, "utf8").matchAll(/\b(GET|POST|PUT|PATCH|DELETE)(?=:|\(| =)/g)].map(
    ([word]) => word,
  );

describe.each(Object.entries(routes))("route %s is for: %s", (folder, kind) => {
  test.each([...new Set(methodsOf(folder))])("its guard at %s", async (method) => {
    const ask = async (headers: Record<string, string> = {}) => {
      const body = method === "GET" ? undefined : "{}";
      const type = { "content-type": "application/json" };
      const answer = await fetch(app.url + addressOf(folder), {
        method,
        body,
        headers: { ...type, ...headers },
        redirect: "manual",
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const cookiesOf = ({ cookies }: Visitor) => ({
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join(),
    });
    const unknown = await ask(cookiesOf(nobody()));
    switch (kind) {
      case "public":
        return expect(unknown).toBeLessThan(500);
      case "webhook":
        return expect([400, 503]).toContain(unknown);
      case "user":
        expect(unknown).toBe(401);
        return expect(await ask(cookiesOf(user))).toBe(200);
      case "key":
        expect(unknown).toBe(401);
        return expect(await ask({ authorization: `Bearer ${customer.key}` })).not.toBe(401);
      case "management":
        expect(unknown).toBe(401);
        expect(await ask({ authorization: `Bearer ${customer.key}` })).toBe(403);
        return expect([401, 403]).not.toContain(await ask({ authorization: `Bearer ${managementKey}` }));
      case "machine":
        expect(unknown).toBe(404);
        expect(await ask({ authorization: `Bearer ${customer.key}` })).toBe(404);
        return expect(await ask({ authorization: `Bearer ${TOKEN}` })).toBe(200);
      default:
        throw new Error(`no check for ${kind}`);
    }
  });
});

describe.each(Object.entries(actions))("action %s", (name, { class: kind, input }) => {
  test(`is for: ${kind}`, async () => {
    const { result, redirect } = await nobody().action(name, input);
    const leads = redirect && new URL(redirect, app.url).pathname;
    if (kind === "public") return expect(result ?? leads).toBeDefined();
    expect(leads).toBe("/sign-in");
    expect(result).toBeUndefined();
    if (kind === "operator") expect((await user.action(name, input)).result).toMatchObject({ message: "Not found." });
    const foreign = await user.action(name, input, { origin: "http://elsewhere.test" });
    expect(foreign.result?.ok ?? false, "another site's page").toBe(false);
  });
});
