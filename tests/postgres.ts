import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "@/db/migrate";
import { createDatabase, startPostgres } from "../scripts/embedded-postgres.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** A database with the newest schema and the shipped catalogue, to make others from. */
    templateUrl: string;
  }
}

/** A private Postgres for the test run. Nothing in it outlives the run, so nothing is forced to disk. */
export async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), "test-postgres-"));
  // Postgres does not run as root; where we do, another user has to get through to its data.
  chmodSync(folder, 0o755);
  const server = await startPostgres({ dataDir: join(folder, "data"), fsync: false });
  const templateUrl = await createDatabase(server.url, "template_app");
  await migrateDatabase(templateUrl);
  project.provide("templateUrl", templateUrl);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
