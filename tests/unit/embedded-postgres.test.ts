import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, startPostgres } from "../../scripts/embedded-postgres.mjs";
import { isAlive } from "../is-alive";

type Server = Awaited<ReturnType<typeof startPostgres>>;

const folders: string[] = [];
const servers: Server[] = [];
const shared = { dataDir: "", url: "" };

beforeAll(async () => {
  shared.dataDir = newDataDir();
  shared.url = (await start(shared.dataDir)).url;
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Others may enter it or not: as root that decides under which user Postgres runs. */
function newDataDir(mode = 0o755) {
  const folder = mkdtempSync(join(tmpdir(), "embedded-postgres-"));
  chmodSync(folder, mode);
  folders.push(folder);
  return join(folder, "data");
}

async function start(dataDir: string) {
  const server = await startPostgres({ dataDir, fsync: false });
  servers.push(server);
  return server;
}

async function query<T>(url: string, text: string): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql.unsafe(text).values();
    return row?.[0] as T;
  } finally {
    await sql.end();
  }
}

const pidOf = (dataDir: string) => Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);

describe.each([0o755, 0o700])("an embedded Postgres in a folder of mode %o", (mode) => {
  it("starts, keeps what was written across a stop, and never runs as root", async () => {
    const dataDir = newDataDir(mode);
    const first = await start(dataDir);
    expect(first.reused).toBe(false);
    await query(first.url, "create table kept as select 42 as answer");
    const pid = pidOf(dataDir);
    await first.stop();
    expect(await first.ended).toBe("exited with code 0");
    expect(isAlive(pid)).toBe(false);

    const second = await start(dataDir);
    expect(await query(second.url, "select answer from kept")).toBe(42);
    const whoRunsIt = process.getuid?.() === 0 && mode === 0o755 ? 65534 : process.getuid?.();
    expect(statSync(dataDir).uid).toBe(whoRunsIt);
  });
});

it("lets nobody in without the password, which only its owner can read", async () => {
  const { dataDir, url } = shared;
  const guessed = Object.assign(new URL(url), { password: "postgres" }).href;
  await expect(query(guessed, "select 1")).rejects.toMatchObject({ code: "28P01" });
  expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
  expect(statSync(`${dataDir}.log`).mode & 0o777).toBe(0o600);
  expect(await query(url, "show listen_addresses")).toBe("127.0.0.1");
  expect(await query(url, "show unix_socket_directories")).toBe("");
});

it("gives up safety against power cuts only when told to", async () => {
  const careful = await startPostgres({ dataDir: newDataDir() });
  servers.push(careful);
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"]) {
    expect(await query(shared.url, `show ${setting}`)).toBe("off");
    expect(await query(careful.url, `show ${setting}`)).toBe("on");
  }
  expect(await query(careful.url, "show max_connections")).toBe("100");
});

it("takes the server that already runs, and can stop it", async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  const second = await start(dataDir);
  expect(second).toMatchObject({ reused: true, url: first.url });
  await second.stop();
  expect(await first.ended).toBe("exited with code 0");
  expect(await second.ended).toBe("ended");
});

it("says that it was killed, and starts again over what is left", async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  process.kill(pidOf(dataDir), "SIGKILL");
  expect(await first.ended).toBe("killed by SIGKILL");
  const second = await start(dataDir);
  expect(second.reused).toBe(false);
  expect(await query(second.url, "select 42")).toBe(42);
});

describe("when postmaster.pid does not tell the truth", () => {
  async function stoppedServer(pidFile: (port: number) => string) {
    const dataDir = newDataDir();
    const server = await start(dataDir);
    await server.stop();
    writeFileSync(join(dataDir, "postmaster.pid"), pidFile(Number(new URL(server.url).port)));
    return dataDir;
  }
  const lines = (pid: number, port: number) => `${pid}\n/nowhere\n1\n${port}\n\n127.0.0.1\n`;

  it("starts although the number has gone to another program", async () => {
    // Of the user that Postgres runs as: anybody else's it would not mind by itself.
    const { uid, gid } = statSync(shared.dataDir);
    const owner = process.getuid?.() === 0 ? { uid, gid } : {};
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { ...owner, cwd: "/" });
    const dataDir = await stoppedServer((port) => lines(other.pid ?? 0, port));
    expect((await start(dataDir)).reused).toBe(false);
    other.kill();
  });

  it("does not take another directory's server for its own", async () => {
    const dataDir = await stoppedServer(() => lines(pidOf(shared.dataDir), Number(new URL(shared.url).port)));
    writeFileSync(`${dataDir}.password`, readFileSync(`${shared.dataDir}.password`));
    await expect(start(dataDir)).rejects.toThrow(`what answers is the server of ${shared.dataDir}`);
  });

  it("says so when the server does not answer", async () => {
    const dataDir = await stoppedServer((unusedPort) => lines(pidOf(shared.dataDir), unusedPort));
    await expect(start(dataDir)).rejects.toThrow(/cannot be used on port \d+: .*ECONNREFUSED/);
  });
});

it("says which file is missing when the password is gone", async () => {
  const dataDir = newDataDir();
  const server = await start(dataDir);
  await server.stop();
  rmSync(`${dataDir}.password`);
  await expect(start(dataDir)).rejects.toThrow(`${dataDir}.password is missing`);
});

it("makes databases, once", async () => {
  const made = await createDatabase(shared.url, "Odd-name");
  expect(await createDatabase(shared.url, "Odd-name")).toBe(made);
  expect(await query(made, "select current_database()")).toBe("Odd-name");
});
