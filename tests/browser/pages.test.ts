import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dashboardPages, furtherPages } from "@/components/navigation";
import { type LivedIn, serveLivedIn } from "./lived-in";
import { type ListedPage, pages } from "./pages";
import type { Look } from "./served-pages";

const MOST_SCRIPT_KB = 250;
const SCREENSHOTS = ".data/screenshots";

let site: LivedIn;
/** Every link that was seen, and who saw it. */
const links = new Map<string, Pick<ListedPage, "as" | "bare">>();
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  site = await serveLivedIn();
}, 300_000);
afterAll(async () => {
  expect(await site.app.admin("money", "check")).toMatchObject({ ok: true });
  await site.stop();
});

// Contrast goes with the theme and layout with the width: two looks see both of each.
const looks: Required<Look>[] = [
  { theme: "light", width: 1280 },
  { theme: "dark", width: 360 },
];

describe.each(pages)("$name", ({ name, path, as, bare, prepare, mostScriptKb = MOST_SCRIPT_KB, mayComplain }) => {
  const address = () => {
    const url = bare ? site.bareUrl : site.app.url;
    return url + (typeof path === "string" ? path : path(site));
  };

  test.each(looks)("in $theme, $width wide: nothing barred, cut off or broken", async ({ theme, width }) => {
    const context = await site.open({ theme, width, as, bare });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // A page that is not there says so by its status.
      const expected = /status of 404/.test(message.text());
      if (message.type() === "error" && !expected) complaints.push(message.text());
    });
    try {
      await page.goto(address());
      await hydrated(page);
      await prepare?.(page, site);
      const file = `${SCREENSHOTS}/${name}-${width}-${theme}.png`;
      await page.screenshot({ path: file, fullPage: true });

      for (const href of await linksOf(page)) links.set(href, { as, bare });
      expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(theme === "dark");
      expect(await seriousViolations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, "pixels that stick out at the side").toBeLessThanOrEqual(0);
      expect(complaints.filter((complaint) => !mayComplain?.test(complaint))).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test(`ships at most ${mostScriptKb} kB of compressed script`, async () => {
    const context = await site.open({ as, bare });
    try {
      const html = await (await context.request.get(address())).text();
      expect(await scriptKb(html)).toBeLessThanOrEqual(mostScriptKb);
    } finally {
      await context.close();
    }
  });
});

test("every link of every page and dialog leads to a page", async () => {
  for (const { href } of [...dashboardPages, ...furtherPages]) links.set(site.app.url + href, { as: "resident" });
  const dead: string[] = [];
  for (const [href, { as, bare }] of links) {
    const context = await site.open({ as, bare });
    const answer = await context.request.get(href);
    // What is not found after the page has begun to stream can no longer say so by its status.
    const missing = answer.status() >= 400 || (await answer.text()).includes("NEXT_HTTP_ERROR_FALLBACK");
    if (missing) dead.push(`${answer.status()} ${href}`);
    await context.close();
  }
  expect(dead).toEqual([]);
}, 300_000);

/** Those that lead elsewhere on this site: a page that is missed on purpose has one to its own middle. */
const linksOf = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>("a[href]")]
      .filter(({ origin }) => origin === location.origin)
      .map(({ href }) => href.replace(/#.*/, ""))
      .filter((href) => href !== location.href.replace(/#.*/, "")),
  );

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}

/** Until everything that can be pressed answers. The network is not waited for: links fetch ahead for as long as they like. */
const hydrated = (page: Page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll("button, a, input")].every(
      (element) => !element.checkVisibility() || Object.keys(element).some((key) => key.startsWith("__reactProps")),
    ),
  );

/** Of every chunk that the page's HTML names, except what old browsers alone load. */
async function scriptKb(html: string): Promise<number> {
  const legacy = new Set([...html.matchAll(/<script[^>]*src="([^"]+)"[^>]*nomodule/gi)].map(([, src]) => src));
  const named = new Set([...html.matchAll(/\/_next\/static\/chunks\/[^"'\\ ?]+\.js/g)].map(([src]) => src));
  expect(named.size).toBeGreaterThan(0);
  let bytes = 0;
  for (const src of named) {
    if ([...legacy].some((old) => old?.startsWith(src))) continue;
    const script = await (await fetch(site.app.url + src)).arrayBuffer();
    bytes += gzipSync(Buffer.from(script)).byteLength;
  }
  return Math.round(bytes / 1000);
}
