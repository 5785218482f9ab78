import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Locked = { version: string; license?: string; dev?: boolean; resolved?: string; integrity?: string };

const own = JSON.parse(readFileSync("package.json", "utf8"));
const lock: [string, Locked][] = Object.entries(JSON.parse(readFileSync("package-lock.json", "utf8")).packages);
const locked = lock.filter(([path]) => path !== "");
const direct: Record<string, string> = { ...own.dependencies, ...own.devDependencies, ...own.optionalDependencies };

const PERMISSIVE = new Set([
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0"],
  // A typeface, the data of browsers' features, and what is given to everybody.
  ...["SIL OPEN FONT LICENSE", "OFL-1.1", "CC-BY-4.0", "Unlicense", "Python-2.0"],
]);

/** Not permissive, each with its reason in docs/dependencies.md. */
const EXCEPTIONS = [/^@img\/sharp-/, /^lightningcss(-|$)/, /^(axe-core|@axe-core\/playwright)$/];
/** Its package does not say; its LICENSE file does: MIT. */
const UNSAID = ["smtp-tester"];

/** `(MIT OR GPL-2.0) AND ISC` is permissive where one of each `OR` is. */
const isPermissive = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, "")
    .split(" AND ")
    .every((all) => all.split(" OR ").some((one) => PERMISSIVE.has(one)));

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

test("docs/dependencies.md gives a reason for each direct dependency, and names nothing else", () => {
  const rows = [...readFileSync("docs/dependencies.md", "utf8").matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(direct).sort());
  for (const [, name, reason = ""] of rows) expect(reason.length, name).toBeGreaterThan(4);
});

test("each is named at an exact version", () => {
  expect(Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("every package is locked to the sum of its contents", () => {
  const others = locked.filter(
    ([, { resolved, integrity }]) => (resolved && !resolved.startsWith("https://")) || !integrity,
  );
  expect(others.map(([path]) => path)).toEqual([]);
});

test.each([
  ["MIT", true],
  ["(MIT OR EUPL-1.1+)", true],
  ["MIT AND ISC", true],
  ["Apache-2.0 AND LGPL-3.0-or-later", false],
  ["GPL-3.0", false],
  ["", false],
])("%s is permissive: %s", (licence, permissive) => expect(isPermissive(licence)).toBe(permissive));

test("licences are permissive, but for those that docs/dependencies.md names", () => {
  const others = locked
    .filter(([path, { license }]) => !isPermissive(license ?? "") && !UNSAID.includes(nameOf(path)))
    .map(([path]) => nameOf(path));
  expect(others.filter((name) => !EXCEPTIONS.some((exception) => exception.test(name)))).toEqual([]);
  for (const exception of EXCEPTIONS)
    expect(
      others.some((name) => exception.test(name)),
      String(exception),
    ).toBe(true);
});

test("nothing runs at an installation", () => {
  expect(readFileSync(".npmrc", "utf8")).toMatch(/^ignore-scripts=true$/m);
});

test("npm run sbom lists every package that the server runs", () => {
  const { stdout } = spawnSync("npm", ["run", "-s", "sbom"], { encoding: "utf8", maxBuffer: 1 << 26 });
  const { bomFormat, components } = JSON.parse(stdout);
  expect(bomFormat).toBe("CycloneDX");
  const listed = new Set(
    components.map(({ name, group }: { name: string; group?: string }) => (group ? `${group}/${name}` : name)),
  );
  for (const name of Object.keys(own.dependencies)) expect(listed, name).toContain(name);
});
