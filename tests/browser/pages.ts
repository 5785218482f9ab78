import type { Page } from "playwright-core";

export type ListedPage = {
  /** Also the name of its screenshots. */
  name: string;
  path: string;
  signedIn?: boolean;
  /** Brings it into the state to look at, e.g. opens a dialog. */
  prepare?: (page: Page) => Promise<unknown>;
  /** Most kilobytes of compressed script that its HTML names; `pages.test.ts` has the usual bound. */
  mostScriptKb?: number;
};

/** Every page is looked at in both themes and two widths, by axe, and weighed. A line here does it. */
export const pages: ListedPage[] = [
  { name: "home", path: "/" },
  { name: "models", path: "/models" },
  { name: "models-cards", path: "/models?view=cards&q=gpt" },
  { name: "models-none", path: "/models?q=nothing+of+this+name" },
  { name: "models-filters", path: "/models?sort=prompt", prepare: openFilters },
  { name: "model", path: "/models/openai/gpt-4o-mini" },
  { name: "model-tiers", path: "/models/google/gemini-2.5-pro" },
  {
    name: "compare",
    path: "/models/compare?models=openai/gpt-4o-mini,anthropic/claude-haiku-4.5,google/gemini-2.5-pro",
  },
  { name: "compare-none", path: "/models/compare" },
  { name: "command", path: "/models", prepare: openPalette },
  { name: "overview", path: "/overview", signedIn: true },
  { name: "keys", path: "/keys", signedIn: true },
  { name: "keys-new", path: "/keys", signedIn: true, prepare: openNewKey },
  { name: "keys-management", path: "/keys/management", signedIn: true },
  { name: "keys-byok", path: "/keys/byok", signedIn: true },
  { name: "credits", path: "/credits", signedIn: true },
  { name: "ledger", path: "/credits/ledger", signedIn: true },
  { name: "ledger-line", path: "/credits/ledger", signedIn: true, prepare: openLedgerLine },
  { name: "payments", path: "/credits/payments", signedIn: true },
  { name: "not-found", path: "/nothing-here" },
];

async function openPalette(page: Page) {
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: "GPT-4o-mini" }).waitFor();
}

/** On a wide page they are there already. */
async function openFilters(page: Page) {
  const button = page.getByRole("button", { name: "Filters" });
  if (await button.isVisible()) await button.click();
}

async function openNewKey(page: Page) {
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("button", { name: "Create the key" }).click();
  await page.getByText("Give it a name.").waitFor();
}

async function openLedgerLine(page: Page) {
  await page
    .getByRole("link", { name: /explain$/ })
    .first()
    .click();
  await page.getByText("Where it comes from").waitFor();
}
