import type { Page } from "playwright-core";
import type { LivedIn, Person } from "./lived-in";

export type ListedPage = {
  /** Also the name of its screenshots. */
  name: string;
  path: string | ((site: LivedIn) => string);
  /** Whose page; nobody's without. */
  as?: Person;
  /** On the server without payments and mail. */
  bare?: boolean;
  /** Brings it into the state to look at, e.g. opens a dialog. */
  prepare?: (page: Page, site: LivedIn) => Promise<unknown>;
  /** Most kilobytes of compressed script that its HTML names; `pages.test.ts` has the usual bound. */
  mostScriptKb?: number;
  /** What its console may say: for a page that shows a failure. */
  mayComplain?: RegExp;
};

/** With a dialog that is fetched when it is opened. */
const MOST_OF_KEYS = 255;

const line = (kind: string): ListedPage => ({
  name: `line-${kind.replaceAll("_", "-")}`,
  path: (site) => site.line(kind),
  as: "resident",
});

/** Every page is looked at in two themes and widths, by axe, and weighed. A line here does it. */
export const pages: ListedPage[] = [
  { name: "home", path: "/" },
  { name: "home-signed-in", path: "/", as: "resident" },
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
  { name: "docs", path: "/docs" },
  { name: "docs-chapter", path: "/docs/connect" },
  { name: "docs-tables", path: "/docs/routing" },
  { name: "api-reference", path: "/docs/api" },
  { name: "api-operation", path: "/docs/api/createChatCompletion" },
  { name: "not-found", path: "/nothing-here" },

  { name: "sign-in", path: "/sign-in" },
  { name: "sign-in-by-link", path: "/sign-in?link" },
  { name: "sign-in-elsewhere", path: "/sign-in?error=taken", bare: true },
  { name: "sign-in-refused", path: "/sign-in", prepare: signInWrongly },
  { name: "sign-in-code", path: "/sign-in", prepare: signInUpToTheCode },
  { name: "sign-up", path: "/sign-up" },
  { name: "sign-up-closed", path: "/sign-up", bare: true },
  { name: "sign-up-finished", path: (site) => site.link("sign-up") },
  { name: "verify", path: (site) => site.link("verify") },
  { name: "forgot", path: "/forgot" },
  { name: "forgot-without-mail", path: "/forgot", bare: true },
  { name: "reset", path: (site) => site.link("reset") },
  { name: "reset-dead", path: "/reset?token=dead" },
  { name: "magic-link", path: (site) => site.link("magic-link") },
  { name: "setup", path: (site) => site.link("setup") },
  { name: "consent", path: "/auth?callback_url=https%3A%2F%2Fapp.example.com%2Fdone&limit=5", as: "resident" },
  { name: "consent-impossible", path: "/auth?callback_url=http%3A%2F%2Fapp.example.com", as: "resident" },
  { name: "confirm", path: "/confirm?next=/keys", as: "late" },

  { name: "overview", path: "/overview", as: "resident" },
  { name: "overview-first", path: "/overview", as: "newcomer" },
  { name: "navigation", path: "/overview", as: "resident", prepare: openNavigation },
  { name: "account-menu", path: "/keys", as: "resident", prepare: openAccountMenu },
  { name: "command-signed-in", path: "/overview", as: "resident", prepare: openPalette },
  {
    name: "error",
    path: "/credits/payments",
    as: "resident",
    prepare: breakPayments,
    mayComplain: /status of 500|Server Components render|error #441/,
  },
  { name: "not-found-signed-in", path: "/credits/ledger/0", as: "resident" },

  { name: "activity", path: "/activity?range=24h", as: "resident", prepare: drawn },
  {
    name: "activity-by-key",
    path: "/activity?range=30d&by=key&model=openai/gpt-4o-mini",
    as: "resident",
    prepare: drawn,
  },
  { name: "activity-other-time", path: "/activity?range=custom&from=2020-01-01&until=2020-02-01", as: "resident" },
  { name: "activity-none", path: "/activity", as: "newcomer" },
  { name: "logs", path: "/activity/logs", as: "resident" },
  { name: "logs-filters", path: "/activity/logs?streamed=true&over=0.000001", as: "resident", prepare: openLogFilters },
  { name: "logs-no-such", path: "/activity/logs?status=expired", as: "resident" },
  { name: "logs-none", path: "/activity/logs", as: "newcomer" },
  { name: "request", path: (site) => site.request, as: "resident" },
  { name: "apps", path: "/activity/apps", as: "resident" },
  { name: "apps-none", path: "/activity/apps", as: "newcomer" },
  { name: "rankings", path: "/rankings?period=day" },

  { name: "keys", path: "/keys", as: "resident" },
  { name: "keys-none", path: "/keys", as: "newcomer" },
  { name: "key-new", path: "/keys", as: "resident", prepare: openNewKey },
  { name: "key-shown", path: "/keys", as: "newcomer", prepare: makeKey },
  { name: "key-menu", path: "/keys", as: "resident", prepare: openKeyMenu },
  { name: "key-edit", path: "/keys", as: "resident", prepare: openOfKey("Edit") },
  { name: "key-rotate", path: "/keys", as: "resident", mostScriptKb: MOST_OF_KEYS, prepare: openOfKey("Rotate") },
  { name: "key-delete", path: "/keys", as: "resident", mostScriptKb: MOST_OF_KEYS, prepare: openOfKey("Delete") },
  { name: "keys-management", path: "/keys/management", as: "resident" },
  { name: "keys-management-none", path: "/keys/management", as: "newcomer" },
  { name: "byok", path: "/keys/byok", as: "resident" },
  { name: "byok-none", path: "/keys/byok", as: "newcomer" },
  { name: "byok-new", path: "/keys/byok", as: "resident", prepare: openNewByok },

  { name: "credits", path: "/credits", as: "resident" },
  { name: "credits-none", path: "/credits", as: "newcomer" },
  { name: "credits-frozen", path: "/credits", as: "frozen" },
  { name: "credits-canceled", path: "/credits?canceled=1", as: "resident" },
  { name: "credits-bought", path: (site) => `/credits?session_id=${site.session}`, as: "resident" },
  { name: "credits-without-payments", path: "/credits", as: "resident", bare: true },
  { name: "ledger", path: "/credits/ledger", as: "resident" },
  { name: "ledger-none", path: "/credits/ledger", as: "newcomer" },
  ...["usage", "topup", "promo", "adjustment", "refund", "refund_reversed", "dispute_hold", "dispute_won"].map(line),
  { name: "payments", path: "/credits/payments", as: "resident" },
  { name: "payments-none", path: "/credits/payments", as: "newcomer" },

  { name: "profile", path: "/settings", as: "resident" },
  { name: "profile-without-mail", path: "/settings", as: "resident", bare: true },
  { name: "email-dead", path: "/email?token=dead", as: "resident" },
  { name: "routing", path: "/settings/routing", as: "resident" },
  { name: "prompt-log", path: "/settings/prompts", as: "resident" },
  { name: "notifications", path: "/settings/notifications", as: "resident" },
  { name: "notifications-without-mail", path: "/settings/notifications", as: "resident", bare: true },
  { name: "presets", path: "/settings/presets", as: "resident" },
  { name: "presets-none", path: "/settings/presets", as: "newcomer" },
  { name: "preset-new", path: "/settings/presets/edit", as: "resident" },
  { name: "preset-edit", path: "/settings/presets/edit?slug=support", as: "resident" },
  { name: "security", path: "/settings/security", as: "resident" },
  { name: "security-first", path: "/settings/security", as: "newcomer" },
  { name: "security-two-factor", path: "/settings/security", as: "newcomer", prepare: beginSecondFactor },
  { name: "operator-users", path: "/operator/users", as: "operator" },
  { name: "operator-users-none", path: "/operator/users?q=nobody+of+this+name", as: "operator" },
  { name: "operator-user", path: (site) => site.userPage("resident"), as: "operator" },
  { name: "operator-user-frozen", path: (site) => site.userPage("frozen"), as: "operator" },
  {
    name: "operator-decision",
    path: (site) => site.userPage("frozen"),
    as: "operator",
    prepare: (page) => page.getByRole("button", { name: "Freeze" }).click(),
  },
  { name: "operator-providers", path: "/operator/providers", as: "operator" },
  { name: "operator-provider", path: "/operator/providers/openai", as: "operator" },
  {
    name: "operator-provider-tested",
    path: "/operator/providers/anthropic",
    as: "operator",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Test it" }).click();
      await page.getByText(/^It (answers|does not answer)/).waitFor();
    },
  },
  { name: "operator-provider-add", path: "/operator/providers/add", as: "operator" },
  { name: "operator-health", path: "/operator", as: "operator" },
  { name: "operator-models", path: "/operator/models?q=gpt", as: "operator" },
  { name: "operator-model", path: "/operator/models/google/gemini-2.5-pro", as: "operator", prepare: openNewPrice },
  { name: "operator-prices", path: "/operator/prices", as: "operator" },
  { name: "operator-margin", path: "/operator/margin?by=model&range=24h", as: "operator" },
  { name: "operator-books", path: "/operator/books", as: "operator" },
  { name: "operator-codes", path: "/operator/codes", as: "operator", prepare: makeCode },
  { name: "operator-audit", path: "/operator/audit", as: "operator" },
  { name: "operator-audit-none", path: "/operator/audit?action=nothing.like", as: "operator" },
  { name: "operator-announcements", path: "/operator/announcements", as: "operator" },
  { name: "operator-not-there", path: "/operator/users", as: "resident" },
  { name: "chat", path: "/chat", as: "resident", prepare: openChat, mostScriptKb: 400 },
];

async function openNewPrice(page: Page) {
  await page.getByText("New price").first().click();
}

async function makeCode(page: Page) {
  await page.getByLabel("US dollars").fill("5");
  await page.getByRole("button", { name: "Make a code" }).click();
  await page.getByText("not shown again").waitFor();
}

async function openPalette(page: Page) {
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: "GPT-4o-mini" }).waitFor();
}

/** On a wide page they are there already. */
async function openFilters(page: Page) {
  const button = page.getByRole("button", { name: "Filters" });
  if (await button.isVisible()) await button.click();
}

/** On a wide page it is there already. */
async function openNavigation(page: Page) {
  const button = page.getByRole("button", { name: "Open the navigation" });
  if (await button.isVisible()) await button.click();
}

async function openAccountMenu(page: Page) {
  await openNavigation(page);
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
}

async function signIn(page: Page, email: string, password: string) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signInWrongly(page: Page) {
  await signIn(page, `nobody-${Math.random()}@example.com`, "wrong password");
  await page.getByText("is wrong").waitFor();
}

async function signInUpToTheCode(page: Page, { resident }: LivedIn) {
  await signIn(page, resident.email, resident.password);
  await page.waitForURL("**/sign-in/code**");
}

async function breakPayments(page: Page, { app }: LivedIn) {
  await app.sql`alter table payments rename to payments_away`;
  try {
    await page.reload();
    await page.getByRole("heading", { name: "This page could not be shown" }).waitFor();
  } finally {
    await app.sql`alter table payments_away rename to payments`;
  }
}

async function drawn(page: Page) {
  await page.locator(".recharts-bar-rectangle").first().waitFor();
}

async function openLogFilters(page: Page) {
  await page.getByRole("button", { name: /^Filters/ }).click();
  await page.getByLabel("Finish reason").waitFor();
}

async function openNewKey(page: Page) {
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("button", { name: "Create the key" }).click();
  await page.getByText("Give it a name.").waitFor();
}

async function makeKey(page: Page, { app }: LivedIn) {
  await page
    .getByRole("button", { name: /New key|Create a key/ })
    .first()
    .click();
  await page.getByLabel("Name").fill("First key");
  await page.getByRole("button", { name: "Create the key" }).click();
  await page.getByLabel("The new key").waitFor();
  await app.sql`delete from api_keys where name = 'First key'`;
}

async function openKeyMenu(page: Page) {
  await page.getByRole("button", { name: "What to do with Production: support assistant" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).waitFor();
}

function openOfKey(item: string) {
  return async (page: Page) => {
    await openKeyMenu(page);
    await page.getByRole("menuitem", { name: item }).click();
    await page.getByRole(item === "Delete" ? "alertdialog" : "dialog").waitFor();
  };
}

async function openNewByok(page: Page) {
  await page.getByRole("button", { name: /^Add/ }).first().click();
  await page.getByRole("dialog").waitFor();
}

async function openChat(page: Page) {
  await page.getByRole("textbox", { name: "Message" }).waitFor();
}

async function beginSecondFactor(page: Page) {
  await page.getByRole("button", { name: /Turn it on|Set it up/ }).click();
  await page.getByLabel(/code/i).first().waitFor();
}
