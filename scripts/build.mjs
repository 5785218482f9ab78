// @ts-check

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binaryOf, projectDir, runStep } from "./run-step.mjs";
import { hashOf } from "./source-hash.mjs";

const stampFile = join(projectDir, ".next", ".source-hash");
const nextsOwnStamp = join(projectDir, ".next", "BUILD_ID");

/**
 * Builds the app, unless nothing that goes into it has changed since the last time.
 * @param {{ signal?: AbortSignal }} [options]
 */
export async function buildIfNeeded({ signal } = {}) {
  const sources = hashOf(projectDir, buildInputs(), (path) => !/\.test\.tsx?$|\.md$/.test(path));
  if (existsSync(nextsOwnStamp) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === sources) return;
  rmSync(stampFile, { force: true });
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  await runStep("Building the app (a minute or so, only after changes)", [...binaryOf("next"), "build"], {
    env,
    signal,
  });
  writeFileSync(stampFile, sources);
}

function buildInputs() {
  const directories = ["app", "components", "db", "lib", "public"];
  const configuration = readdirSync(projectDir).filter(
    // Next writes next-env.d.ts itself while it builds.
    (name) => /\.(ts|mjs|json)$/.test(name) && name !== "next-env.d.ts",
  );
  return [...directories, ...configuration];
}
