import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Imports that each room must not make, one planted file each, and some that it may. */
const refused: [path: string, imported: string][] = [
  ["lib/planted.ts", "@/db/client"],
  ["db/queries/planted.ts", "@/lib/billing/holds"],
  ["lib/protocol/planted.ts", "@/lib/models/price"],
  ["lib/protocol/chat/planted.ts", "../../models/price"],
  ["lib/protocol/chat/planted-absolute.ts", "@/lib/http/api-route"],
  ["lib/http/planted.ts", "@/lib/keys/authenticate"],
  ["lib/providers/anthropic/planted.ts", "@/db/client"],
  ["lib/providers/gemini/planted.ts", "../../models/price"],
  ["lib/models/planted.ts", "@/lib/keys/authenticate"],
  ["lib/models/planted-relative.ts", "../billing/holds"],
  ["lib/billing/planted.ts", "@/lib/models/price"],
  ["lib/keys/planted.ts", "@/lib/billing/settle"],
  ["lib/auth/planted.ts", "@/lib/gateway/complete"],
  ["lib/health/planted.ts", "@/lib/models/catalogue"],
  ["lib/operator/planted.ts", "@/lib/models/catalogue"],
  ["lib/models/planted-health.ts", "@/lib/health/endpoint-health"],
  ["components/planted.tsx", "@/db/client"],
];
const allowed: [path: string, imported: string][] = [
  ["lib/gateway/allowed.ts", "@/lib/billing/holds"],
  ["lib/protocol/chat/allowed.ts", "../chat-chunk"],
  ["lib/providers/anthropic/allowed.ts", "@/lib/protocol/chat-chunk"],
  ["lib/providers/gemini/allowed.ts", "../adapter"],
  ["lib/models/allowed.ts", "@/db/queries/catalogue"],
  ["lib/billing/allowed.ts", "@/lib/log"],
  ["lib/health/allowed.ts", "@/db/client"],
  ["lib/operator/allowed.ts", "@/db/operator"],
  ["db/allowed.ts", "@/lib/env"],
];

const folder = mkdtempSync(join(tmpdir(), "dependency-rule-"));
let report = "";

beforeAll(() => {
  const config = JSON.parse(readFileSync("biome.json", "utf8"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...config, $schema: undefined, vcs: undefined }));
  for (const [path, imported] of [...refused, ...allowed]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `import { planted } from "${imported}";\n\nexport const used = planted;\n`);
  }
  const biome = resolve("node_modules/.bin/biome");
  const run = spawnSync(biome, ["lint", "--only=style/noRestrictedImports", "--max-diagnostics=none"], {
    cwd: folder,
    encoding: "utf8",
  });
  report = run.stdout + run.stderr;
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(refused)("%s may not import %s", (path) => {
  expect(report).toContain(`${path}:1:`);
});

test.each(allowed)("%s may import %s", (path) => {
  expect(report).toContain("noRestrictedImports");
  expect(report).not.toContain(`${path}:1:`);
});
