import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Served, servePages } from "./served-pages";

let served: Served;
let site: Server;
let page: Page;
/** An app on an origin of its own, all of it in the browser. */
let app: string;

beforeAll(async () => {
  served = await servePages();
  site = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><title>App</title><button>Sign in</button><output></output><script type="module">
      const server = ${JSON.stringify(served.app.url)};
      const output = document.querySelector("output");
      const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
      document.querySelector("button").onclick = async () => {
        const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
        sessionStorage.verifier = verifier;
        const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
        const url = new URL("/auth", server);
        url.search = new URLSearchParams({
          callback_url: location.origin + "/done?state=7",
          code_challenge: base64url(new Uint8Array(hash)),
          code_challenge_method: "S256",
          limit: "5",
        });
        location.href = url;
      };
      const asked = new URLSearchParams(location.search);
      if (asked.get("error")) output.textContent = "refused: " + asked.get("error");
      if (asked.get("code")) {
        const exchange = () => fetch(server + "/api/v1/auth/keys", {
          method: "POST",
          headers: { "content-type": "application/json", "x-of-the-app": "1" },
          body: JSON.stringify({ code: asked.get("code"), code_verifier: sessionStorage.verifier, code_challenge_method: "S256" }),
        });
        const { key } = await (await exchange()).json();
        const headers = { authorization: "Bearer " + key, "content-type": "application/json", "x-title": "App" };
        const own = await (await fetch(server + "/api/v1/key", { headers })).json();
        const answer = await fetch(server + "/api/v1/chat/completions", {
          method: "POST",
          headers,
          body: JSON.stringify({ model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello there" }] }),
        });
        const said = (await answer.json()).choices[0].message.content;
        const again = (await exchange()).status;
        output.textContent = JSON.stringify({
          state: asked.get("state"), limit: own.data.limit, reset: own.data.limit_reset, expires: own.data.expires_at,
          said, generation: answer.headers.get("x-generation-id"), again,
        });
      }
    </script>`);
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  app = `http://localhost:${(site.address() as AddressInfo).port}`;
  page = await (await served.open({ signedIn: true })).newPage();
});
afterAll(async () => {
  await served.stop();
  site.closeAllConnections();
  site.close();
});

const told = async () => {
  await page.waitForFunction(() => document.querySelector("output")?.textContent);
  return (await page.locator("output").textContent()) ?? "";
};

test("a page of another origin signs its user in, and calls with the key that he let it have", async () => {
  await page.goto(`${app}/`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: `${new URL(app).host} asks for a key` }).waitFor();
  expect(await page.getByText(app, { exact: true }).isVisible()).toBe(true);
  expect(await page.getByText(served.customer.email).isVisible()).toBe(true);
  await page.getByLabel("Limit in US dollars").fill("1.0000000001");
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByText("with at most nine decimals").waitFor();
  await page.getByLabel("Limit in US dollars").fill("1.25");
  await page.getByLabel("The limit starts anew").click();
  await page.getByRole("option", { name: "Every day" }).click();
  await page.getByLabel("The key expires").click();
  await page.getByRole("option", { name: "After a week" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${app}/done**`);
  const { expires, ...rest } = JSON.parse(await told());
  expect(rest).toMatchObject({
    ...{ state: "7", limit: 1.25, reset: "daily", again: 403 },
    ...{ said: expect.stringContaining("Hello there"), generation: expect.stringMatching(/^gen-/) },
  });
  expect(new Date(expires).getTime() - Date.now()).toBeGreaterThan(6 * 86_400_000);
  const rows = await served.app.sql`select name from api_keys where account_id = ${served.customer.accountId}`;
  expect(rows.map(({ name }) => name)).toContain("localhost");
});

test("who refuses is sent back with nothing", async () => {
  await page.goto(`${app}/`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Refuse" }).click();
  await page.waitForURL(`${app}/done**`);
  expect(await told()).toBe("refused: access_denied");
});

test("without a callback the code is shown", async () => {
  await page.goto(`${served.app.url}/auth?code_challenge=${"c".repeat(43)}&code_challenge_method=S256`);
  await page.getByRole("heading", { name: "A program asks for a key" }).waitFor();
  await page.getByRole("button", { name: "Allow" }).click();
  expect(await page.getByLabel("The code", { exact: true }).inputValue()).toMatch(/^[\w-]{43}$/);
});

test.each([
  "http://evil.test/",
  "javascript:alert(1)",
  "//evil.test",
  "https://good.test@evil.test/",
  "https://evil.test/#x",
])("nobody is led to %s", async (callback) => {
  await page.goto(`${served.app.url}/auth?callback_url=${encodeURIComponent(callback)}`);
  await page.getByRole("heading", { name: "This app's request cannot be granted" }).waitFor();
  const links = await page
    .getByRole("main")
    .getByRole("link")
    .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).origin));
  expect(new Set(links)).toEqual(new Set([served.app.url]));
  expect(await page.getByRole("button", { name: "Allow" }).count()).toBe(0);
});

test("a visitor signs in first, and comes back to what the app asked", async () => {
  const visitor = await (await served.open({})).newPage();
  const asked = `/auth?callback_url=${encodeURIComponent(`${app}/done`)}`;
  await visitor.goto(served.app.url + asked);
  await visitor.waitForURL("**/sign-in**");
  expect(new URL(visitor.url()).searchParams.get("next")).toBe(asked);
});
