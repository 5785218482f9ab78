import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { chooseIdentity, commandAs } from "../../scripts/postgres-binaries.mjs";
import { freePort } from "../app";

const DEBIAN = "/usr/lib/postgresql";
const NEEDED = ["postgres", "initdb", "pg_dump", "pg_restore", "pg_basebackup"];

/** Where the newest Postgres that this machine has installed keeps its programs; the embedded one comes without pg_dump. */
export function systemPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(DEBIAN, version, "bin"))
    .find((programs) => NEEDED.every((name) => existsSync(join(programs, name))));
}

export type SystemPostgres = Awaited<ReturnType<typeof startSystemPostgres>>;

/** A server of its own, empty or over a base backup of `source`. Its superuser needs no password on loopback. */
export async function startSystemPostgres(programs: string, source?: { url: string }) {
  const folder = mkdtempSync(join(tmpdir(), "system-postgres-"));
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  const program = (name: string) => join(programs, name);
  const identity = chooseIdentity(data, {
    postgres: program("postgres"),
    initdb: program("initdb"),
    pg_ctl: program("pg_ctl"),
  });
  mkdirSync(data, { mode: 0o700 });
  if (typeof identity === "object") chownSync(data, identity.uid, identity.gid);
  const asServer = (name: string, args: string[]) => {
    const { file, args: all, user } = commandAs(identity, program(name), args);
    return { file, args: all, options: { ...user, cwd: "/" } };
  };
  const make = source
    ? asServer("pg_basebackup", ["-d", source.url, "-D", data, "--checkpoint=fast", "--wal-method=stream"])
    : asServer("initdb", ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
  const made = spawnSync(make.file, make.args, { ...make.options, encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);

  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC"];
  const run = asServer("postgres", ["-D", data, "-p", String(port), ...settings.flatMap((each) => ["-c", each])]);
  const server = spawn(run.file, run.args, { ...run.options, stdio: "ignore" });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilItAnswers(url, server);
  return {
    url,
    /** The database that `role` is to use. */
    as: (role: string, database: string) => `postgres://${role}:pw@127.0.0.1:${port}/${database}`,
    run: (name: string, ...args: string[]) => promisify(execFile)(program(name), args),
    async stop() {
      server.kill("SIGINT");
      if (server.exitCode === null) await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(url: string, server: ChildProcess) {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`Postgres ended with ${server.exitCode}`);
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    const answers = await sql`select 1`.then(
      () => true,
      () => false,
    );
    await sql.end();
    if (answers) return;
    await sleep(100);
  }
  throw new Error("Postgres did not answer");
}
