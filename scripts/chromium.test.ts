import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findChromium } from "./chromium.mjs";

const folder = mkdtempSync(join(tmpdir(), "chromium-test-"));
const installed = join(folder, "google-chrome");
const own = join(folder, "playwrights-own");
writeFileSync(installed, "");
afterAll(() => rmSync(folder, { recursive: true }));

test("the one that CHROMIUM_PATH names goes before the system's", () => {
  expect(findChromium({ CHROMIUM_PATH: "/opt/mine", PATH: folder }, own)).toBe("/opt/mine");
});

test("the system's is found on the path", () => {
  expect(findChromium({ PATH: `/nowhere:${folder}` }, own)).toBe(installed);
});

test("Playwright's own counts only when it has been downloaded", () => {
  expect(findChromium({ PATH: "/nowhere" }, own)).toBeUndefined();
  writeFileSync(own, "");
  expect(findChromium({ PATH: "/nowhere" }, own)).toBe(own);
});
