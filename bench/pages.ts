import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { startPostgres } from "../scripts/embedded-postgres.mjs";
import { fillLog } from "./pages/fill-log";

/**
 * `npm run bench:pages -- [--rows 10000000] [--rounds 30] [--keep FOLDER]`: a log of so many requests over ninety days, one account with
 * a fifth of them, and what the statements of each page take on it. 1 when the 95th percentile of one is above 300 ms.
 */
const MOST_MS = 300;

async function main() {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "10000000" },
      rounds: { type: "string", default: "30" },
      keep: { type: "string" },
    },
  });
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), "bench-pages-"));
  // Nothing is measured that is written to the disk in time: filling the log need not wait for it.
  const server = await startPostgres({ dataDir: join(folder, "data"), fsync: false });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    Object.assign(process.env, {
      DATABASE_URL: server.url,
      APP_SECRET: crypto.randomUUID() + crypto.randomUUID(),
      LOG_LEVEL: "error",
    });
    // Loaded late: the settings must be in place before anything reads them.
    const [{ migrateDatabase }, { closeDatabase }, { measurePages }, { rollActivity }] = await Promise.all([
      import("@/db/migrate"),
      import("@/db/client"),
      import("./pages/measure-pages"),
      import("@/db/queries/activity-roll"),
    ]);
    await migrateDatabase(server.url);
    const [known] = await admin`select count(*)::int as rows from accounts`;
    if (known?.rows === 0) await fillLog(admin, Number(values.rows), rollActivity);
    const [log] =
      await admin`select count(*)::int as rows, pg_size_pretty(sum(pg_total_relation_size(oid)) filter (where relname ~ '^generations')) as log,
      pg_size_pretty(sum(pg_total_relation_size(oid)) filter (where relname = 'activity')) as sums
      from pg_class where relkind = 'r' and (relname ~ '^generations' or relname = 'activity')`;
    console.log(`\nthe log has ${log?.log}, its sums ${log?.sums}; load of the machine ${loadavg()[0]?.toFixed(1)}\n`);
    const measured = await measurePages(admin, Number(values.rounds));
    console.log("| page | p50 | p95 | most |\n|---|---:|---:|---:|");
    for (const { page, p50, p95, most } of measured)
      console.log(`| ${page} | ${p50.toFixed(0)} ms | ${p95.toFixed(0)} ms | ${most.toFixed(0)} ms |`);
    if (measured.some(({ p95 }) => p95 > MOST_MS)) process.exitCode = 1;
    await closeDatabase();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await admin.end();
    await server.stop();
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
