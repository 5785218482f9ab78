import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Served, servePages } from "./served-pages";

const PATIENCE = { timeout: 20_000, interval: 300 };

let served: Served;
beforeAll(async () => {
  served = await servePages();
});
afterAll(() => served.stop());

async function at(path: string, work: (page: Page) => Promise<void>) {
  const context = await served.open({});
  try {
    const page = await context.newPage();
    await page.goto(served.app.url + path);
    await work(page);
  } finally {
    await context.close();
  }
}

test("a model that is in no catalogue has no page, and an alias leads to the model's", async () => {
  expect((await fetch(`${served.app.url}/models/no/such`)).status).toBe(404);
  const { sql } = served.app;
  await sql`insert into model_aliases (alias, model_slug) values ('openai/by-another-name', 'openai/gpt-4o-mini')`;
  await sql`update catalogue_state set version = version + 1`;
  const landed = async () => (await fetch(`${served.app.url}/models/openai/by-another-name`)).url;
  await expect.poll(landed, PATIENCE).toBe(`${served.app.url}/models/openai/gpt-4o-mini`);
});

test("a stroke, a word and the arrow lead to a model without the mouse, and the address has the search", () =>
  at("/models", async (page) => {
    const search = page.getByRole("searchbox", { name: "Search models" });
    await expect
      .poll(async () => {
        await page.keyboard.press("/");
        return search.evaluate((box) => box === document.activeElement);
      }, PATIENCE)
      .toBe(true);
    await search.fill("4o-mini");
    await page.waitForURL(/q=4o-mini/);
    await page.getByText(/^1 of \d+ models$/).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/models/openai/gpt-4o-mini");
  }));

test("the calculator's cost is the cost of the bill, in whole nano-dollars", () =>
  at("/models/openai/gpt-4o-mini", async (page) => {
    await expect
      .poll(async () => {
        await page.getByLabel("Prompt tokens each").fill("1");
        await page.getByLabel("Output tokens each").fill("1");
        await page.getByLabel("Requests").fill("1,000,000");
        return page.locator("dd", { hasText: "$" }).allTextContents();
      }, PATIENCE)
      .toEqual(["$0.00000075", "$0.75"]);
  }));

test("Ctrl+K, a word and Enter lead to a model from any page", () =>
  at("/", async (page) => {
    const box = page.getByRole("combobox");
    await expect
      .poll(async () => {
        if (!(await box.isVisible())) await page.keyboard.press("Control+k");
        return box.isVisible();
      }, PATIENCE)
      .toBe(true);
    await box.fill("gpt-4o-mini");
    await page.getByRole("option", { name: "OpenAI: GPT-4o-mini" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/models/openai/gpt-4o-mini");
  }));
