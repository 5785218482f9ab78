import { existsSync, readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOME } from "@/lib/auth/safe-path";
import { type App, freePort, startApp } from "../../app";
import { visitor } from "../../visitor";

const PASSWORD = "correct horse battery";
const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** Every page of the build that has no name of a thing in its address. */
const pages = () =>
  Object.entries(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8")) as Record<string, string>)
    .filter(([file, path]) => file.endsWith("/page") && !path.startsWith("/_") && !path.includes("["))
    .map(([, path]) => path);

async function signedUp(site: Pick<App, "url">, email: string, headers: Record<string, string> = {}) {
  const someone = visitor(site);
  const { redirect, headers: answer, result } = await someone.action("signUp", { email, password: PASSWORD }, headers);
  expect(redirect, JSON.stringify(result)).toBe(HOME);
  return { someone, answer };
}

test("every page, signed in or not, carries the headers that keep it to itself", async () => {
  const { someone } = await signedUp(app, "headers@accounts.test");
  expect(pages().length).toBeGreaterThan(12);
  for (const path of pages())
    for (const browser of [someone, visitor(app)]) {
      const { headers } = await browser.page(path);
      const policy = headers.get("content-security-policy") ?? "";
      for (const part of [
        "default-src 'self'",
        "'strict-dynamic'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self' https://checkout.stripe.com",
      ])
        expect(policy, path).toContain(part);
      expect(policy, path).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers.get("cache-control"), path).toMatch(/private.*no-store/);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("referrer-policy"), path).toBe("strict-origin-when-cross-origin");
      expect(headers.get("cross-origin-opener-policy"), path).toBe("same-origin");
      expect(headers.get("permissions-policy"), path).toContain("camera=()");
      expect(headers.get("strict-transport-security"), path).toBeNull();
    }
});

test("no two answers have the same nonce, and no script is without it", async () => {
  const seen = new Set<string>();
  for (let n = 0; n < 3; n++) {
    const answer = await visitor(app).page("/sign-in");
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get("content-security-policy") ?? "")?.[1] ?? "";
    const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(2);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    seen.add(nonce);
  }
  expect(seen.size).toBe(3);
});

test("without a session the dashboard shows nothing, whatever the request pretends", async () => {
  const tricks: Record<string, string>[] = [
    {},
    { cookie: "session=x" },
    { cookie: `session=${"a".repeat(43)}` },
    { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware", cookie: "session=x" },
    { "x-middleware-subrequest": "src/middleware" },
    { rsc: "1", "next-router-prefetch": "1", cookie: "session=x" },
    { rsc: "1", "next-router-segment-prefetch": "/_tree", cookie: "session=x" },
    { "x-forwarded-host": "evil.test", cookie: "session=x" },
    { "x-nextjs-data": "1", cookie: "session=x" },
  ];
  for (const headers of tricks)
    for (const path of [
      "/settings/security",
      "/keys",
      "//keys",
      "/%6beys",
      "/keys/",
      "/keys?_rsc=1",
      "/keys/management",
    ]) {
      const answer = await fetch(app.url + path, { headers, redirect: "manual" });
      const body = await answer.text();
      expect(body, `${path} ${JSON.stringify(headers)}`).not.toMatch(/Where you are signed in|Create (a )?key|Balance/);
    }
});

test("a visitor cannot say where he comes from", async () => {
  const { someone } = await signedUp(app, "spoof@accounts.test", {
    "x-peer-address": "6.6.6.6",
    "x-forwarded-for": "6.6.6.6",
    "x-real-ip": "6.6.6.6",
  });
  expect(someone.cookies.has("session")).toBe(true);
  const [row] = await app.sql`
    select address from sessions join users on users.id = user_id where email = 'spoof@accounts.test'`;
  expect(row).toEqual({ address: "127.0.0.1" });
});

test("on https the cookie is bound to the host, and the browser is told to stay with https", async () => {
  const port = await freePort();
  const secure = await startApp({ env: { PORT: String(port), APP_URL: "https://llm.test" } });
  try {
    const behindTls = { origin: "https://llm.test", "x-forwarded-host": "llm.test", "x-forwarded-proto": "https" };
    const { someone, answer } = await signedUp(secure, "tls@accounts.test", behindTls);
    const cookie = answer.getSetCookie().find((line) => line.startsWith("__Host-session="));
    expect(cookie).toMatch(/; ?Secure/i);
    expect(cookie).toMatch(/; ?HttpOnly/i);
    expect(cookie).not.toMatch(/domain=/i);
    expect(someone.cookies.has("session")).toBe(false);
    const page = await someone.page("/settings/security");
    expect(await page.text()).toContain("Where you are signed in");
    expect(page.headers.get("strict-transport-security")).toContain("max-age=31536000");
  } finally {
    await secure.stop();
  }
});

describe.skipIf(!existsSync(CHROMIUM))("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM });
  });
  afterAll(() => browser.close());

  /** A page that keeps what the browser complained of. */
  async function open(): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    return { page, complaints };
  }

  test("signing up, in and out works by keyboard, and no page breaks its own policy", async () => {
    const { page, complaints } = await open();
    await page.goto(`${app.url}/settings/security`);
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    await page.getByRole("link", { name: "Create one" }).click();
    await page.waitForURL("**/sign-up");
    await page.getByLabel("E-mail").fill("not an address");
    await page.getByLabel("Password").fill("short");
    await page.keyboard.press("Enter");
    await page.getByText("Enter an e-mail address").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe("not an address");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("email");
    await page.getByLabel("E-mail").fill("browser@accounts.test");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${HOME}`);

    for (const path of pages().filter((path) => !/^\/(sign|setup|verify|reset|magic|forgot)/.test(path))) {
      await page.goto(app.url + path, { timeout: 60_000 });
      await page.waitForTimeout(200);
    }
    await page.goto(`${app.url}/settings/security`, { timeout: 60_000 });
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.getByRole("img", { name: /secret for your authenticator/ }).waitFor();
    const audit = await new AxeBuilder({ page }).analyze();
    expect(audit.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    await page.context().close();
  }, 180_000);

  test.each(["/sign-in", "/sign-up", "/forgot", "/setup"])("%s is free of barriers", async (path) => {
    const { page, complaints } = await open();
    await page.goto(app.url + path, { timeout: 60_000 });
    const audit = await new AxeBuilder({ page }).analyze();
    expect(audit.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
