import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "vercel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = readFileSync("vercel.json", "utf8");
const config = JSON.parse(file);

test("vercel.json is what Vercel's own types allow, field by field", () => {
  const { $schema: _schema, ...fields } = config;
  const check = (name: string, value: object) => {
    const source = join(folder, `${name}.ts`);
    const types = join(process.cwd(), "node_modules/@vercel/config/dist/v1/types");
    writeFileSync(
      source,
      `import type { VercelConfig } from "${types}";\nexport const config: VercelConfig = ${JSON.stringify(value)};\n`,
    );
    const command = [
      "node_modules/typescript/bin/tsc",
      "--noEmit",
      "--ignoreConfig",
      "--skipLibCheck",
      "--strict",
      "--module",
      "nodenext",
      source,
    ];
    return spawnSync(process.execPath, command, { encoding: "utf8" });
  };
  expect(check("ours", fields).stdout).toBe("");
  expect(check("misspelt", { ...fields, cron: [] }).stdout).toContain('"cron"');
});

test("what it names is there", () => {
  for (const { path } of config.crons) expect(readdirSync(`app${path}`)).toContain("route.ts");
  for (const glob of Object.keys(config.functions)) expect(glob).toBe("app/api/v1/**/route.ts");
  const [, script = ""] = config.buildCommand.split(" ");
  expect(readFileSync(script, "utf8")).toContain("VERCEL_ENV");
});

test("a cron more often than once a day would be refused on the smallest plan", () => {
  for (const { schedule } of config.crons) expect(schedule).toMatch(/^\d+ \d+ \* \* \*$/);
});

test("no function wants longer than the smallest plan lets it have, and a stream is ended before that", async () => {
  const routes = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("route.ts"));
  const durations = routes
    .map((path) => /maxDuration = (\d+)/.exec(readFileSync(`app/${path}`, "utf8"))?.[1])
    .filter((seconds) => seconds !== undefined);
  expect(durations.length).toBeGreaterThan(5);
  expect(new Set(durations)).toEqual(new Set(["300"]));
  const { fromPlatform } = await import("@/lib/env");
  expect(Number(fromPlatform({ VERCEL: "1" }).TOTAL_TIMEOUT_SECONDS)).toBeLessThan(300 - 10);
});

/** Runs the build step with an `npm` that notes what it is asked for. */
function buildStep(vercelEnv: string | undefined, npm = "exit 0") {
  const asked = join(folder, "asked");
  writeFileSync(asked, "");
  writeFileSync(join(folder, "npm"), `#!/bin/sh\necho "$@" >> ${asked}\n${npm}\n`);
  chmodSync(join(folder, "npm"), 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, VERCEL_ENV: vercelEnv };
  const { status } = spawnSync(process.execPath, config.buildCommand.split(" ").slice(1), { env });
  return { status, asked: readFileSync(asked, "utf8").trim().split("\n") };
}

test.each([
  ["production", ["run build", "run db:migrate"]],
  ["preview", ["run build"]],
  [undefined, ["run build"]],
])("a %s build runs %j", (environment, asked) => {
  expect(buildStep(environment)).toEqual({ status: 0, asked });
});

test("a build that fails leaves the database as it is, and fails", () => {
  expect(buildStep("production", "exit 3")).toEqual({ status: 3, asked: ["run build"] });
});

test("the button asks for the one secret and brings a Postgres", () => {
  const [address = ""] = /https:\/\/vercel\.com\/new\/clone\?[^)]+/.exec(readFileSync("README.md", "utf8")) ?? [];
  const query = new URL(address).searchParams;
  expect(query.get("env")).toBe("APP_SECRET");
  expect(JSON.parse(query.get("products") ?? "")).toMatchObject([{ type: "integration", protocol: "storage" }]);
});
