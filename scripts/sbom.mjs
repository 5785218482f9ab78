// @ts-check
// `npm run -s sbom`: what the server runs, as CycloneDX, from the lock file alone. npm's own `--omit=dev` leaves out whatever
// a development package needs too, so it is given a project that has none.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

const { devDependencies: _, ...project } = read("package.json");
const lock = read("package-lock.json");
delete lock.packages[""].devDependencies;
for (const [path, { dev }] of Object.entries(lock.packages)) if (dev) delete lock.packages[path];

const folder = mkdtempSync(join(tmpdir(), "sbom-"));
try {
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  const command = ["sbom", "--package-lock-only", "--sbom-format=cyclonedx"];
  const { status } = spawnSync("npm", command, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
