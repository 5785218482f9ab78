import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../app";
import { type Served, servePages } from "./served-pages";

let served: Served;
let page: Page;
beforeAll(async () => {
  served = await servePages();
  page = await (await served.open({ signedIn: true })).newPage();
  for (const model of ["openai/gpt-4o-mini", "openai/gpt-4o-mini", "anthropic/claude-haiku-4.5"]) await ask(model);
});
afterAll(() => served.stop());

/** Asks, and waits until it is in the log: its id. */
async function ask(model: string): Promise<string> {
  const { id } = await served.customer.client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Hello" }],
  });
  await eventually(
    async () => (await served.app.sql`select 1 from generations where id = ${id}`).length,
    (found) => found === 1,
  );
  return id;
}

const lines = () => page.locator("[data-line]");
const open = (path: string) => page.goto(served.app.url + path);

test("a bar of the spend leads to the requests that it is made of", async () => {
  await open("/activity?range=24h");
  await page.locator(".recharts-bar-rectangle").first().click();
  await page.waitForURL(/\/activity\/logs\?model=[^&]+&from=[^&]+&until=/);
  const model = new URL(page.url()).searchParams.get("model");
  await lines().first().waitFor();
  expect(new Set(await lines().allInnerTexts())).toEqual(new Set([model]));
});

test("a row leads to the page narrowed to it, and its count to its requests", async () => {
  await open("/activity?range=24h");
  await page.getByRole("link", { name: "openai/gpt-4o-mini", exact: true }).click();
  await page.waitForURL(/model=openai/);
  expect(new URL(page.url()).searchParams.get("by")).toBe("key");
  await page.getByRole("link", { name: /^2 requests of/ }).click();
  await page.waitForURL(/\/activity\/logs\?/);
  await lines().first().waitFor();
  expect(await lines().count()).toBe(2);
});

test("the log is narrowed by what is chosen, and the address keeps it", async () => {
  await open("/activity/logs");
  await page.getByRole("button", { name: "Filters" }).click();
  await page
    .getByRole("region", { name: "Filters" })
    .getByLabel("Model")
    .selectOption({ label: "anthropic/claude-haiku-4.5" });
  await page.waitForURL(/model=anthropic/);
  await eventually(
    () => lines().count(),
    (count) => count === 1,
  );
  await page.reload();
  await lines().first().waitFor();
  expect(await lines().allInnerTexts()).toEqual(["anthropic/claude-haiku-4.5"]);
});

test("keys walk through the log and open a request, whose time and bill are told", async () => {
  await open("/activity/logs");
  // What is streamed stands hidden at first and is moved into its place, which takes a focus away.
  await lines().first().waitFor();
  const second = await lines().nth(1).getAttribute("href");
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("href"));
  // The keys are heard from the moment the page is awake.
  await eventually(
    async () => {
      await lines().first().focus();
      await page.keyboard.press("j");
      return focused();
    },
    (href) => href === second,
  );
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe(await lines().nth(2).getAttribute("href"));
  await page.keyboard.press("k");
  expect(await focused()).toBe(second);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${second}`);
  await page.getByRole("heading", { name: "Where the time went" }).waitFor();
  await page.getByRole("heading", { name: "The bill" }).waitFor();
});

test("the log shows what is asked meanwhile, and no longer when it is paused", async () => {
  await open("/activity/logs");
  await lines().first().waitFor();
  const before = await lines().count();
  const id = await ask("openai/gpt-4o-mini");
  await page.locator(`[href="/activity/${id}"]`).waitFor();
  await page.getByRole("button", { name: /^Live/ }).click();
  const other = await ask("openai/gpt-4o-mini");
  await page.waitForTimeout(7_000);
  expect(await page.locator(`[href="/activity/${other}"]`).count()).toBe(0);
  await page.getByRole("button", { name: /^Paused/ }).click();
  await page.locator(`[href="/activity/${other}"]`).waitFor();
  expect(await lines().count()).toBe(before + 2);
});

test("the CSV of both pages has what they show", async () => {
  const context = page.context();
  const log = await (
    await context.request.get(`${served.app.url}/activity/logs/export?model=anthropic/claude-haiku-4.5`)
  ).text();
  expect(log.trim().split("\r\n")).toHaveLength(2);
  expect(log).toContain("anthropic/claude-haiku-4.5,anthropic");
  const activity = await (await context.request.get(`${served.app.url}/activity/export?range=24h`)).text();
  const requests = activity
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => Number(line.split(",")[4]));
  const [count] = await served.app
    .sql`select count(*)::int as count from generations where account_id = ${served.customer.accountId}`;
  expect(requests.reduce((sum, count) => sum + count, 0)).toBe(count?.count);
});
