import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pages } from "./pages";
import { type Look, type Served, servePages } from "./served-pages";

const MOST_SCRIPT_KB = 250;
const SCREENSHOTS = ".data/screenshots";

let served: Served;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  served = await servePages();
});
afterAll(() => served.stop());

const looks: Required<Look>[] = [
  { theme: "light", width: 1280 },
  { theme: "dark", width: 1280 },
  { theme: "light", width: 360 },
  { theme: "dark", width: 360 },
];

describe.each(pages)("$name", ({ name, path, signedIn, prepare, mostScriptKb = MOST_SCRIPT_KB }) => {
  test.each(looks)("in $theme, $width wide: nothing barred, cut off or broken", async ({ theme, width }) => {
    const context = await served.open({ theme, width, signedIn });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // A page that is not there says so by its status.
      const expected = /status of 404/.test(message.text());
      if (message.type() === "error" && !expected) complaints.push(message.text());
    });
    try {
      await page.goto(served.app.url + path);
      await hydrated(page);
      await prepare?.(page);
      const file = `${SCREENSHOTS}/${name}-${width}-${theme}.png`;
      await page.screenshot({ path: file, fullPage: true });

      expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(theme === "dark");
      expect(await seriousViolations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, "pixels that stick out at the side").toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test(`ships at most ${mostScriptKb} kB of compressed script`, async () => {
    const context = await served.open({ signedIn });
    try {
      const html = await (await context.request.get(served.app.url + path)).text();
      expect(await scriptKb(html)).toBeLessThanOrEqual(mostScriptKb);
    } finally {
      await context.close();
    }
  });
});

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}

/** Until everything that can be pressed answers. The network is not waited for: links fetch ahead for as long as they like. */
const hydrated = (page: Page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll("button, a, input")].every((element) =>
      Object.keys(element).some((key) => key.startsWith("__reactProps")),
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
    const script = await (await fetch(served.app.url + src)).arrayBuffer();
    bytes += gzipSync(Buffer.from(script)).byteLength;
  }
  return Math.round(bytes / 1000);
}
