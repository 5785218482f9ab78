import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { startPostgres } from "../scripts/embedded-postgres.mjs";

/**
 * `npm run bench:money -- [--seconds 3]`: how many requests a second can be held and settled, on one account and on many. A
 * Postgres of its own that forces to disk; `commit_delay` adds the 2 ms that a commit takes on a cloud's disk.
 */
async function main() {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: "3" } } });
  const folder = mkdtempSync(join(tmpdir(), "bench-money-"));
  const server = await startPostgres({ dataDir: join(folder, "data") });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    Object.assign(process.env, {
      DATABASE_URL: server.url,
      DATABASE_POOL_SIZE: "40", // two pools within the server's hundred
      APP_SECRET: crypto.randomUUID() + crypto.randomUUID(),
      LOG_LEVEL: "error",
    });
    // Loaded late: the settings must be in place before anything reads them.
    const [{ migrateDatabase }, { closeDatabase }, bench] = await Promise.all([
      import("@/db/migrate"),
      import("@/db/client"),
      import("./money/pairs"),
    ]);
    await migrateDatabase(server.url);
    console.log("| payers | statements | commit | c=8, pairs/s | c=64, pairs/s |\n|---|---|---|---|---|");
    for (const delay of [0, 2_000]) {
      await admin.unsafe(`alter system set commit_delay = ${delay}`);
      await admin.unsafe("alter system set commit_siblings = 0");
      await admin`select pg_reload_conf()`;
      for (const payers of bench.PAYERS) {
        for (const way of ["one for each", "batched"] as const) {
          const rates: number[] = [];
          for (const callers of [8, 64])
            rates.push(await bench.pairsPerSecond(payers, way, callers, Number(values.seconds)));
          const commit = delay === 0 ? "as the disk" : "+2 ms";
          console.log(`| ${payers.name} | ${way} | ${commit} | ${rates.map((rate) => Math.round(rate)).join(" | ")} |`);
        }
      }
    }
    const [drift] = await admin`select (select count(*) from account_drift) + (select count(*) from key_drift) as rows`;
    if (drift?.rows !== "0") throw new Error("the books differ");
    await closeDatabase();
  } catch (error) {
    // Whoever is still at it will fail on a database that is gone: what went wrong first is said first.
    console.error(error);
    process.exitCode = 1;
  } finally {
    await admin.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
