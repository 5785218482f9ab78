import OpenAI from "openai";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../app";
import { type Served, servePages } from "./served-pages";

let served: Served;
let page: Page;
beforeAll(async () => {
  served = await servePages();
  const context = await served.open({ signedIn: true });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: served.app.url });
  page = await context.newPage();
});
afterAll(() => served.stop());

const dialog = () => page.getByRole("dialog");
const rowOf = (name: string) => page.getByRole("row").filter({ hasText: name });
const menuOf = async (name: string, item: string) => {
  await page.getByRole("button", { name: `What to do with ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const ask = (apiKey: string) =>
  new OpenAI({ baseURL: `${served.app.url}/api/v1`, apiKey, maxRetries: 0 }).chat.completions.create({
    model: "openai/gpt-4o-mini",
    messages: [{ role: "user", content: "Hello" }],
  });

let key = "";

test("a key is made, copied, and calls the API; its use shows to the nano-dollar", async () => {
  await page.goto(`${served.app.url}/keys`);
  await page.getByRole("button", { name: "New key" }).click();
  await dialog().getByLabel("Name").fill("Browser key");
  await dialog().getByLabel("Limit in US dollars").fill("0.1234567891");
  await dialog().getByRole("button", { name: "Create the key" }).click();
  await dialog().getByText("with at most nine decimals").waitFor();
  await dialog().getByLabel("Limit in US dollars").fill("0.123456789");
  await dialog().getByRole("button", { name: "Create the key" }).click();

  await dialog().getByRole("button", { name: "Copy", exact: true }).click();
  key = await page.evaluate(() => navigator.clipboard.readText());
  expect(key).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
  expect(await dialog().getByText(`export OPENROUTER_API_KEY="${key}"`).isVisible()).toBe(true);
  await dialog().getByRole("button", { name: "I have copied it" }).click();
  expect(await page.content()).not.toContain(key);

  const { id } = await ask(key);
  const cost = await eventually(
    async () => (await served.app.sql`select cost_nano::text as cost from generations where id = ${id}`)[0]?.cost,
    (found) => found !== undefined,
  );
  await page.reload();
  const shown = await rowOf("Browser key").innerText();
  const [spent, limit] = [...shown.matchAll(/\$(\d+\.\d+)/g)].map(([, amount]) => Number(amount));
  expect(Math.round((spent ?? 0) * 1e9)).toBe(Number(cost));
  expect(limit).toBe(0.123456789);
});

test("a key that is disabled is refused, and serves again when it is enabled", async () => {
  const enabled = page.getByRole("switch", { name: "Browser key may be used" });
  await enabled.click();
  await rowOf("Browser key").getByText("Disabled").waitFor();
  await expect(ask(key)).rejects.toMatchObject({ status: 401 });
  await enabled.click();
  await rowOf("Browser key").getByText("Disabled").waitFor({ state: "hidden" });
  expect((await ask(key)).choices).toHaveLength(1);
});

test("a key is edited, and takes its new limit", async () => {
  await menuOf("Browser key", "Edit");
  await dialog().getByLabel("Name").fill("Renamed key");
  await dialog().getByLabel("Limit in US dollars").fill("0");
  await dialog().getByRole("button", { name: "Save" }).click();
  await rowOf("Renamed key").getByText("Limit reached").waitFor();
  await expect(ask(key)).rejects.toMatchObject({ status: 403 });
});

test("a rotated key has a new secret; the old one works as long as it was given, and both are one key", async () => {
  await menuOf("Renamed key", "Edit");
  await dialog().getByLabel("Limit in US dollars").fill("");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().waitFor({ state: "hidden" });
  const rotate = async (overlap: string) => {
    await menuOf("Renamed key", "Rotate");
    await dialog().getByLabel("The old secret").click();
    await page.getByRole("option", { name: overlap }).click();
    await dialog().getByRole("button", { name: "Rotate the key" }).click();
    await dialog().getByLabel("The new key").waitFor();
    // The table behind it is drawn anew meanwhile.
    await page.waitForTimeout(1_000);
    const shown = await dialog().getByLabel("The new key").inputValue();
    await dialog().getByRole("button", { name: "I have copied it" }).click();
    return shown;
  };
  const second = await rotate("Works for an hour more");
  expect(second).not.toBe(key);
  const ids = [(await ask(key)).id, (await ask(second)).id];
  const rows = await eventually(
    async () => await served.app.sql`select distinct key_id from generations where id in ${served.app.sql(ids)}`,
    (found) => found.length > 0,
  );
  expect(rows).toHaveLength(1);
  key = await rotate("Stops now");
  await expect(ask(second)).rejects.toMatchObject({ status: 401 });
  expect((await ask(key)).choices).toHaveLength(1);
  expect(await rowOf("Renamed key").count()).toBe(1);
});

test("a key is deleted only after it was asked about, and is gone from then on", async () => {
  await menuOf("Renamed key", "Delete");
  await page.getByRole("button", { name: "Cancel" }).click();
  await rowOf("Renamed key").waitFor();
  await menuOf("Renamed key", "Delete");
  await page.getByRole("button", { name: "Delete the key" }).click();
  // While it is open, what is behind it is not to be found either.
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await rowOf("Renamed key").waitFor({ state: "detached" });
  await expect(ask(key)).rejects.toMatchObject({ status: 401 });
});

test("a management key asks for a sign-in of the last ten minutes", async () => {
  await page.goto(`${served.app.url}/keys/management`);
  await served.app.sql`update sessions set proved_at = now() - interval '11 minutes'`;
  const make = async () => {
    await page.getByRole("button", { name: "New management key" }).click();
    await dialog().getByLabel("Name").fill("Manager");
    await dialog().getByRole("button", { name: "Create the key" }).click();
  };
  await make();
  expect(await dialog().getByRole("link", { name: "Confirm that it is you" }).getAttribute("href")).toBe(
    "/confirm?next=%2Fkeys%2Fmanagement",
  );
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await served.app.sql`update sessions set proved_at = now()`;
  await make();
  const manager = await dialog().getByLabel("The new key").inputValue();
  const answer = await fetch(`${served.app.url}/api/v1/credits`, { headers: { authorization: `Bearer ${manager}` } });
  expect(answer.status).toBe(200);
});
