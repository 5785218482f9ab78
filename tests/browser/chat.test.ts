import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { HOSTILE_MARKDOWN } from "@/components/chat/testing/hostile-markdown";
import type { ScriptedUpstream } from "../scripted-upstream";
import { addScriptedModels } from "./chat-models";
import { type Look, type Served, servePages } from "./served-pages";

const SCREENSHOTS = ".data/screenshots";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let served: Served;
let upstream: ScriptedUpstream;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  served = await servePages();
  upstream = await addScriptedModels(served.app);
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(async () => {
  expect(await served.app.admin("money", "check")).toMatchObject({ ok: true });
  await served.stop();
  await upstream.stop();
});

/** The chat, in a window of its own, with these models side by side. */
async function chat(models: string[], look: Look = {}) {
  const context = await served.open({ ...look, signedIn: true });
  contexts.push(context);
  await context.addInitScript((slugs) => localStorage.setItem("chat-models", JSON.stringify(slugs)), models);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A provider that fails, and links ahead to pages that are not there, say so by their status.
    if (message.type() === "error" && !/status of (?:404|502)/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${served.app.url}/chat`, { waitUntil: "domcontentloaded" });
  await field(page).waitFor();
  return { context, page, complaints };
}

const field = (page: Page) => page.getByRole("textbox", { name: "Message" });
async function ask(page: Page, text: string) {
  await field(page).fill(text);
  await field(page).press("Enter");
}
const column = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const answers = (page: Page, name: string) => page.getByRole("article", { name: `${name} answers`, exact: true });
const finished = (page: Page, name: string) => answers(page, name).and(page.locator('[data-status="done"]'));
const shot = (page: Page, name: string) => page.screenshot({ path: `${SCREENSHOTS}/chat-${name}.png` });

test("two models answer one prompt side by side, each with its cost and its bill", async () => {
  const { page, complaints } = await chat(["test/echo", "test/slow"]);
  await ask(page, "# Hello\n\nSome `code` here.");
  await column(page, "Slow").getByText("word word").waitFor();
  await column(page, "Echo").getByRole("heading", { name: "Hello" }).waitFor();
  // The one is done while the other still streams.
  await finished(page, "Echo").waitFor();
  expect(await answers(page, "Slow").getAttribute("data-status")).toBe("streaming");
  await finished(page, "Slow").waitFor();

  const echo = answers(page, "Echo");
  await echo.getByText("$0.000013").waitFor();
  await echo.getByText("7 in").waitFor();
  const id = await echo.getByRole("link", { name: "Bill" }).getAttribute("title");
  const [row] = await served.app.sql`
    select g.cost_nano, k.name, k.session_id from generations g join api_keys k on k.id = g.key_id where g.id = ${id}`;
  expect(row).toMatchObject({ cost_nano: "13000", name: "Chat" });
  expect(row?.session_id).not.toBeNull();
  expect(complaints).toEqual([]);
});

test("a column goes on alone; another is swapped, added, removed", async () => {
  const { page } = await chat(["test/echo", "test/second-echo"]);
  await ask(page, "For both");
  await finished(page, "Second Echo").waitFor();
  await page.getByRole("radio", { name: "Second Echo" }).click();
  await ask(page, "For one");
  await finished(page, "Second Echo").nth(1).waitFor();
  expect(await answers(page, "Echo").count()).toBe(1);

  await column(page, "Echo")
    .getByRole("button", { name: /Change it/ })
    .click();
  await page.getByRole("option", { name: /^Seer/ }).click();
  await page.getByRole("button", { name: "Add a model" }).click();
  await page.getByRole("option", { name: /^Thinker/ }).click();
  await page.getByRole("radio", { name: "Seer" }).click();
  await ask(page, "What do you know?");
  // Said before: the prompt and its answer; the new one is the third.
  await column(page, "Seer").getByText("3 messages").waitFor();
  await column(page, "Thinker").getByRole("button", { name: "More for Thinker" }).click();
  await page.getByRole("menuitem", { name: "Remove the column" }).click();
  await column(page, "Thinker").waitFor({ state: "detached" });
});

test("Esc stops, what came stays and is paid; the same can be asked again", async () => {
  const { page } = await chat(["test/slow"]);
  await ask(page, "Tell me");
  await column(page, "Slow").getByText("word word word").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Stopped.").waitFor();
  const words = await answers(page, "Slow").innerText();
  expect(words).toContain("word word word");
  await answers(page, "Slow")
    .getByText(/\$0\.0/)
    .waitFor();
  await page.getByRole("button", { name: "Ask again" }).click();
  await finished(page, "Slow").waitFor();
  expect(await answers(page, "Slow").count()).toBe(1);
});

test("↑ edits the last message, which is said anew to all it was said to, or to one", async () => {
  const { page } = await chat(["test/echo", "test/second-echo"]);
  await ask(page, "First words");
  await finished(page, "Second Echo").waitFor();
  await finished(page, "Echo").waitFor();
  await field(page).press("ArrowUp");
  const edit = page.getByRole("textbox", { name: "Edit the message" });
  await edit.fill("Other words");
  await page.getByRole("button", { name: "Resend here only" }).click();
  await answers(page, "Echo").getByText("Other words").waitFor();
  await answers(page, "Second Echo").getByText("First words").waitFor();

  await column(page, "Echo").getByRole("button", { name: "Edit the message" }).click();
  await edit.fill("Words for all");
  await edit.press("Enter");
  for (const name of ["Echo", "Second Echo"]) await answers(page, name).getByText("Words for all").waitFor();
  await column(page, "Echo").getByRole("button", { name: "Delete the answer" }).click();
  await answers(page, "Echo").waitFor({ state: "detached" });
});

test("pictures and PDFs go along, picked or pasted; anything else is refused in words", async () => {
  const { page } = await chat(["test/seer"]);
  const picker = page.locator('input[type="file"][multiple]');
  await picker.setInputFiles([
    { name: "dot.png", mimeType: "image/png", buffer: PNG },
    { name: "paper.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF") },
    { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") },
  ]);
  await page.getByText("page.html is neither a picture").waitFor();
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
    const target = document.querySelector('textarea[aria-label="Message"]');
    target?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, PNG.toString("base64"));
  await page.getByText("pasted.png").waitFor();
  await ask(page, "What is this?");
  await finished(page, "Seer").getByText("1 messages; the last has text, image_url, file, image_url").waitFor();
  expect(await page.getByRole("img", { name: "dot.png" }).count()).toBe(1);
});

test("a tool's call is shown, answered by hand, and gone on with", async () => {
  const { page } = await chat(["test/caller"]);
  await page.keyboard.press("Control+,");
  const tools = page.getByRole("textbox", { name: "Tools" });
  await tools.fill('[{"name": "weather"');
  await page.getByText(/This is not JSON/).waitFor();
  await page.keyboard.press("Escape");
  await field(page).fill("What is the weather?");
  await page.getByText("A setting is not right.").waitFor();
  await page.getByRole("button", { name: "Open the settings" }).click();
  await tools.fill('[{"name": "weather", "parameters": {"type": "object"}}]');
  await page.keyboard.press("Escape");
  await field(page).press("Enter");
  await page.getByText('"city": "Bern"').waitFor();
  await page.getByRole("textbox", { name: "Result of weather" }).fill("21 degrees");
  await page.getByRole("button", { name: "Send the result" }).click();
  await finished(page, "Caller").last().getByText("It said: 21 degrees").waitFor();
  await page.getByRole("article", { name: "Result of weather" }).getByText("21 degrees").waitFor();
});

test("reasoning is folded, and can be read", async () => {
  const { page } = await chat(["test/thinker"]);
  await ask(page, "Think");
  await finished(page, "Thinker").waitFor();
  const words = page.getByText("First I look at the question.");
  expect(await words.count()).toBe(0);
  await page.getByRole("button", { name: "Reasoning" }).click();
  await words.waitFor();
});

test("a stream that breaks keeps what came; a provider that fails is named", async () => {
  const { page } = await chat(["test/dying", "test/broken"]);
  await ask(page, "Go on");
  await column(page, "Dying").getByText("A beginning").waitFor();
  await column(page, "Dying")
    .getByText(/Scripted ended before it was finished/)
    .waitFor();
  await column(page, "Broken")
    .getByText(/Scripted failed/)
    .waitFor();
  await column(page, "Broken").getByRole("button", { name: "Try again" }).click();
  await column(page, "Broken")
    .getByText(/Scripted failed/)
    .waitFor();
});

test("chats are kept, found, renamed, exported, deleted and imported", async () => {
  const { page } = await chat(["test/echo"]);
  await ask(page, "A question about whales");
  await finished(page, "Echo").waitFor();
  const list = page.getByRole("navigation", { name: "Chats" });
  await list.getByText("A question about whales").waitFor();
  await page.keyboard.press("Control+Shift+O");
  await ask(page, "A question about birds");
  await finished(page, "Echo").waitFor();
  await list.getByText("A question about birds").waitFor();

  await page.reload({ waitUntil: "domcontentloaded" });
  await answers(page, "Echo").getByText("A question about birds").waitFor();
  await page.getByRole("searchbox", { name: "Search the chats" }).fill("WHALES question");
  await list.getByText("birds").waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^Rename A question about whales/ }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Whales and question marks");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await list.getByText("Whales and question marks").waitFor();
  await page.getByRole("searchbox").fill("");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export" }).click(),
  ]);
  const file = await readFile(await download.path(), "utf8");
  expect(JSON.parse(file).chats).toHaveLength(2);
  expect(file).not.toContain("sk-or-");

  for (const name of ["Whales and question marks", "A question about birds"]) {
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await list.getByText(name).waitFor({ state: "detached" });
  }
  const picker = page.getByLabel("Import chats");
  await picker.setInputFiles({ name: "c.json", mimeType: "application/json", buffer: Buffer.from('{"format":"x"}') });
  await page.getByText("This file is not an export of chats.").waitFor();
  await picker.setInputFiles({ name: "c.json", mimeType: "application/json", buffer: Buffer.from(file) });
  await page.getByText("2 chats imported.").waitFor();
  await list.getByText("Whales and question marks").click();
  await answers(page, "Echo").getByText("A question about whales").waitFor();
});

test("the key is in the memory of the tab and nowhere else, and ends with the sign-in", async () => {
  const { page } = await chat(["test/echo"]);
  const [request] = await Promise.all([page.waitForRequest("**/api/v1/chat/completions"), ask(page, "Hi")]);
  await finished(page, "Echo").waitFor();
  const authorization = (await request.allHeaders()).authorization ?? "";
  expect(authorization).toMatch(/^Bearer sk-or-v1-/);
  expect((await request.allHeaders()).cookie).toBeUndefined();
  const kept = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([
      localStorage,
      sessionStorage,
      document.cookie,
      databases,
      document.documentElement.outerHTML,
    ]);
  });
  expect(kept).not.toContain(authorization.slice("Bearer ".length));
  const [session] = await served.app.sql`delete from sessions returning *`;
  await expect
    .poll(
      async () => (await fetch(`${served.app.url}/api/v1/generation?id=x`, { headers: { authorization } })).status,
      {
        timeout: 10_000,
      },
    )
    .toBe(401);
  await served.app.sql`insert into sessions ${served.app.sql(session ?? {})}`;
});

test("what a model says runs nothing and loads nothing from elsewhere", async () => {
  const { page, complaints } = await chat(["test/echo"]);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", (dialog) => {
    asked.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  for (const text of [HOSTILE_MARKDOWN.join("\n\n"), ...HOSTILE_MARKDOWN.slice(0, 6)]) {
    await ask(page, text);
    await finished(page, "Echo").last().waitFor();
    await page.getByRole("button", { name: "Send" }).waitFor();
  }
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
  expect(asked.filter((url) => !url.startsWith(served.app.url))).toEqual([]);
  const links = await page
    .locator(".written a")
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(5);
  for (const href of links) expect(href).toMatch(/^(?:https?|mailto):/);
  expect(
    await page.locator(".written img, .written iframe, .written script, .written style, .written form").count(),
  ).toBe(0);
  expect(complaints).toEqual([]);
});

const looks: Required<Look>[] = [
  { theme: "light", width: 1280 },
  { theme: "dark", width: 1280 },
  { theme: "light", width: 360 },
  { theme: "dark", width: 360 },
];

const SAID = `Here is a table and some code.

| Lock | When it fails |
|---|---|
| optimistic | at commit, under contention |
| pessimistic | at once, by waiting |

\`\`\`ts
/** Adds. */
export const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0); // a long line that has to scroll inside its frame
\`\`\`

1. First, see [the manual](https://example.com/manual).
2. Then **measure**.`;

test.each(looks)("in $theme, $width wide: a whole chat can be read by all", async ({ theme, width }) => {
  const { page, complaints } = await chat(["test/echo", "test/thinker", "test/broken"], { theme, width });
  await shot(page, `empty-${width}-${theme}`);
  expect(await seriousOf(page)).toEqual([]);
  await ask(page, SAID);
  await page.locator('[data-status="done"]').nth(1).waitFor({ state: "attached" });
  await page.locator('[data-status="failed"]').waitFor({ state: "attached" });
  await page.waitForTimeout(300);
  await shot(page, `answers-${width}-${theme}`);
  expect(await seriousOf(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Settings" }).first().click();
  await page.getByRole("dialog").waitFor();
  await shot(page, `settings-${width}-${theme}`);
  expect(await seriousOf(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

async function seriousOf(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}
