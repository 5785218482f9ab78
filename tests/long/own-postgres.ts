import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { startPostgres } from "../../scripts/embedded-postgres.mjs";

/** A Postgres of the test's own, to be killed and frozen. Its data is forced to disk: what it acknowledged must stay. */
export async function ownPostgres() {
  const folder = mkdtempSync(join(tmpdir(), "long-postgres-"));
  chmodSync(folder, 0o755);
  const dataDir = join(folder, "data");
  let server = await startPostgres({ dataDir });
  await migrateDatabase(server.url);
  const postmaster = () => Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);
  /** The postmaster and those that serve connections. */
  const all = () => {
    const pid = postmaster();
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return [pid, ...children.map(Number)];
  };
  const signal = (pids: number[], name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It ended by itself in the meantime.
      }
    }
  };
  return {
    url: server.url,
    /** kill -9, all of them at once. */
    async kill() {
      signal(all(), "SIGKILL");
      await server.ended;
    },
    async restart() {
      server = await startPostgres({ dataDir, port: Number(new URL(server.url).port) });
    },
    /** Stops all of them where they are; returns what lets them go on. */
    freeze() {
      const pids = all();
      signal(pids, "SIGSTOP");
      return () => signal(pids, "SIGCONT");
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
