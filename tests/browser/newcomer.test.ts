import OpenAI from "openai";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseUsd } from "@/lib/money";
import { startStripeStandIn } from "../../scripts/stand-ins/stripe/start.mjs";
import { eventually } from "../app";
import { type Served, servePages } from "./served-pages";

let served: Served;
let stripe: Awaited<ReturnType<typeof startStripeStandIn>>;
let page: Page;

beforeAll(async () => {
  stripe = await startStripeStandIn({ retryDelaysMs: [50, 200, 500] });
  served = await servePages({
    STRIPE_SECRET_KEY: stripe.apiKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_URL: stripe.url,
    TOP_UP_FEE_BASIS_POINTS: "550",
  });
  stripe.setWebhook({ url: `${served.app.url}/api/stripe/webhook`, secret: stripe.webhookSecret });
  page = await (await served.open({})).newPage();
});
afterAll(async () => {
  await stripe.webhooksSettled();
  expect(await served.app.admin("money", "check")).toMatchObject({ ok: true });
  await served.stop();
  await stripe.stop();
});

const email = "newcomer@example.com";
const go = (path: string) => page.goto(served.app.url + path);
const dialog = () => page.getByRole("dialog");
const balance = async () => {
  const [row] = await served.app.sql`
    select posted_nano::text as nano from accounts where id = (select account_id from users where email = ${email})`;
  return BigInt(row?.nano ?? 0);
};

let key = "";
let generationId = "";

test("a newcomer signs up and lands where the first steps are", async () => {
  await go("/sign-up");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("correct horse battery staple");
  await page.getByRole("button", { name: /create|sign up/i }).click();
  await page.waitForURL("**/overview");
  await page.getByText("First steps").waitFor();
});

test("buys credits: what is paid is shown to the cent before, and the balance has moved at his return", async () => {
  await page.getByRole("link", { name: "Put in credits" }).click();
  await page.getByLabel("Amount in US dollars").fill("12.34");
  // 5.5 % of 12.34 is 0.6787: rounded up to a cent.
  const quote = page.locator("dl").filter({ hasText: "You pay" });
  expect(await quote.innerText()).toMatch(/\$12\.34[\s\S]*\$0\.68[\s\S]*\$13\.02/);
  await page.getByRole("button", { name: "Go to payment" }).click();
  await page.waitForURL(`${stripe.url}/**`);
  expect(await page.locator("main, body").first().innerText()).toContain("13.02");
  await page.getByRole("button", { name: "Pay by card" }).click();
  await page.waitForURL("**/credits?session_id=*");
  await page.getByText("$12.34 were added to your balance").waitFor();
  expect(await balance()).toBe(parseUsd("12.34"));
  await page.reload();
  await page.getByText("$12.34 were added to your balance").waitFor();
  expect(await balance()).toBe(parseUsd("12.34"));
});

test("who comes back without paying is told that nothing was bought", async () => {
  await go("/credits");
  await page.getByRole("button", { name: "Go to payment" }).click();
  await page.getByRole("button", { name: /^Cancel/ }).click();
  await page.getByText("Nothing was bought").waitFor();
});

test("the purchase has its receipt, and its line of the ledger says who bought it", async () => {
  await go("/credits/payments");
  const row = page.getByRole("row").filter({ hasText: "Paid" }).last();
  expect(await row.innerText()).toContain("$13.02");
  const receipt = await page.getByRole("link", { name: /Receipt/ }).getAttribute("href");
  expect((await fetch(receipt ?? "")).status).toBe(200);
  await go("/credits/ledger");
  await page.getByRole("link", { name: /Purchase of line/ }).click();
  await page.getByText(`by ${email}`).waitFor();
});

test("makes a key, and calls the API with the official client", async () => {
  await go("/keys");
  await page.getByRole("button", { name: "New key" }).click();
  await dialog().getByLabel("Name").fill("First key");
  await dialog().getByRole("button", { name: "Create the key" }).click();
  key = await dialog().getByLabel("The new key").inputValue();
  const client = new OpenAI({ baseURL: `${served.app.url}/api/v1`, apiKey: key, maxRetries: 0 });
  const answer = await client.chat.completions.create({
    model: "anthropic/claude-sonnet-4.5",
    messages: [{ role: "user", content: "Hello" }],
  });
  generationId = answer.id;
  expect(answer.choices[0]?.message.content).toBeTruthy();
});

test("its line of the ledger is explained by the same amounts as the API's, to the nano-dollar", async () => {
  const api = await eventually(
    async () => {
      const answer = await fetch(`${served.app.url}/api/v1/generation?id=${generationId}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return answer.ok ? (await answer.json()).data.explanation : undefined;
    },
    (found) => found !== undefined,
  );
  expect(await balance()).toBe(parseUsd("12.34") - parseUsd(api.charged));

  await go("/credits/ledger");
  await page.getByRole("link", { name: /Request of line/ }).click();
  const bill = page.getByRole("region", { name: "The bill" });
  await bill.waitFor();
  const cells = async (row: string) => {
    const texts = await bill.getByRole("row").filter({ hasText: row }).getByRole("cell").allInnerTexts();
    return texts.map((text) => text.trim());
  };
  for (const [name, what] of [
    ["Prompt tokens", "prompt"],
    ["Completion tokens", "completion"],
  ] as const) {
    const line = api.lines.find((line: { what: string }) => line.what === what);
    expect(await cells(name)).toEqual([name, String(line.count), `$${line.price}`, `$${line.amount}`]);
  }
  expect((await cells("Charged")).at(-1)).toBe(`$${api.charged}`);
  expect(await page.getByText("Balance after").locator("xpath=following-sibling::dd").innerText()).toBe(
    `$${(Number(await balance()) / 1e9).toFixed(9).replace(/0+$/, "")}`,
  );
});

test("a code is redeemed once", async () => {
  const { code } = await served.app.admin("code", "create", "--credits", "1.5", "--uses", "1");
  await go("/credits");
  const before = await balance();
  await page.getByLabel("Code").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Redeem" }).click();
  await page.getByText("$1.50 were added to your balance.").waitFor();
  expect((await balance()) - before).toBe(parseUsd("1.5"));
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Redeem" }).click();
  await page.getByText("You have redeemed this code already.").waitFor();
});

test("auto top-up is set with a saved card, and switched off again", async () => {
  await go("/credits");
  await page.getByLabel("Keep the card with Stripe").click();
  await page.getByRole("button", { name: "Go to payment" }).click();
  await page.waitForURL(`${stripe.url}/**`);
  await page.getByRole("button", { name: "Pay by card" }).click();
  await page.waitForURL("**/credits?session_id=*");
  await page.getByLabel("When it is below").fill("0");
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("The threshold must be US dollars").waitFor();
  await page.getByLabel("When it is below").fill("2.5");
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("button", { name: "Switch off" }).waitFor();
  const [row] = await served.app.sql`select enabled, threshold_nano::text as threshold, amount_minor from auto_top_ups`;
  expect(row).toMatchObject({ enabled: true, threshold: "2500000000", amount_minor: 2500 });
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Switch on" }).waitFor();
  expect((await served.app.sql`select enabled from auto_top_ups`)[0]?.enabled).toBe(false);
});

test("the export has every line, with the balance of the last one", async () => {
  const csv = await (await page.context().request.get(`${served.app.url}/credits/ledger/export`)).text();
  const lines = csv.trim().split("\r\n");
  expect(lines[0]).toBe("line,time_utc,kind,amount_usd,balance_after_usd,source,source_id");
  expect(parseUsd(lines.at(-1)?.split(",")[4] ?? "")).toBe(await balance());
  const total = lines.slice(1).reduce((sum, line) => {
    const amount = line.split(",")[3] ?? "";
    return amount.startsWith("-") ? sum - parseUsd(amount.slice(1)) : sum + parseUsd(amount);
  }, 0n);
  expect(total).toBe(await balance());
});
