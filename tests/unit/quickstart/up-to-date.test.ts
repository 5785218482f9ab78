import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstalled } from "../../../scripts/install.mjs";
import { hashOf } from "../../../scripts/source-hash.mjs";

describe("the packages", () => {
  const wanted = {
    "": {},
    "node_modules/next": { version: "16.4.5" },
    "node_modules/other-system": { version: "1.0.0", optional: true },
  };
  it.each([
    ["all there", { "node_modules/next": { version: "16.4.5" } }, true],
    ["there with more besides", { "node_modules/next": { version: "16.4.5" }, "node_modules/x": {} }, true],
    ["of another version", { "node_modules/next": { version: "16.4.6" } }, false],
    [
      "optional, and of another version",
      { "node_modules/next": { version: "16.4.5" }, "node_modules/other-system": { version: "2.0.0" } },
      false,
    ],
    ["missing", {}, false],
  ])("%s", (_, present, installed) => {
    expect(isInstalled(wanted, present)).toBe(installed);
  });
});

describe("the hash of the sources", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sources-"));
    mkdirSync(join(root, "lib", "inner"), { recursive: true });
    writeFileSync(join(root, "lib", "a.ts"), "one");
    writeFileSync(join(root, "lib", "inner", "b.ts"), "two");
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const hash = () => hashOf(root, ["lib", "not-there"], (path) => !path.endsWith(".md"));

  it("stays while nothing changes, and for what is not wanted", () => {
    const before = hash();
    expect(hash()).toBe(before);
    writeFileSync(join(root, "lib", "notes.md"), "anything");
    expect(hash()).toBe(before);
  });

  it.each([
    ["content", () => writeFileSync(join(root, "lib", "inner", "b.ts"), "2wo")],
    ["a name", () => renameSync(join(root, "lib", "a.ts"), join(root, "lib", "c.ts"))],
    ["a new file", () => writeFileSync(join(root, "lib", "empty.ts"), "")],
  ])("changes with %s", (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });
});
