import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../embedded-postgres.mjs";

/**
 * `npm run sim -- --seed S --ops N [--break GUARD] [--database URL]`: plays the money functions on a Postgres of its own, or on an
 * empty migrated database that is given. Exit code 1 on a violation.
 */
async function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      ops: { type: "string", default: "5000" },
      break: { type: "string" },
      database: { type: "string" },
    },
  });
  const database = values.database ? { url: values.database, stop: async () => {} } : await ownDatabase();
  try {
    await play(database.url, Number(values.seed), Number(values.ops), values.break);
  } finally {
    await database.stop();
  }
}

async function ownDatabase() {
  const folder = mkdtempSync(join(tmpdir(), "sim-"));
  const server = await startPostgres({ dataDir: join(folder, "data"), fsync: false });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

async function play(url: string, seed: number, operations: number, guard: string | undefined) {
  Object.assign(process.env, { DATABASE_URL: url, APP_SECRET: crypto.randomUUID(), LOG_LEVEL: "error" });
  // Loaded late: the settings must be in place before anything reads them.
  const [{ migrateDatabase }, { simulate }, { closeDatabase }] = await Promise.all([
    import("@/db/migrate"),
    import("./simulate"),
    import("@/db/client"),
  ]);
  await migrateDatabase(url);
  if (guard) await breakOne(url, guard);
  console.log(`seed ${seed}`);
  const { step, wrong } = await simulate(url, seed, operations);
  for (const sentence of wrong) console.error(sentence);
  console.log(wrong.length > 0 ? `violated after ${step} operations` : `${step} operations, no violation`);
  if (wrong.length > 0) process.exitCode = 1;
  await closeDatabase();
}

async function breakOne(url: string, guard: string) {
  const [{ default: postgres }, { breakGuard }] = await Promise.all([import("postgres"), import("./controls")]);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await breakGuard(sql, guard).finally(() => sql.end());
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
