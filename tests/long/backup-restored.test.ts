import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, type Customer, startApp } from "../app";
import { APP_SECRET } from "../database";
import type { ScriptedUpstream } from "../scripted-upstream";
import { complete, startScriptedApp, startScriptedUpstream } from "./scripted-app";
import { type SystemPostgres, startSystemPostgres, systemPostgres } from "./system-postgres";

const CALLERS = 8;
const STREAMS = 5;

const programs = systemPostgres();
if (!programs)
  console.warn(
    "\nNOT PROVED: that a backup can be restored. No pg_dump here; `apt-get install postgresql` brings it.\n",
  );

let source: SystemPostgres;
let upstream: ScriptedUpstream;
let app: App;
let customers: Customer[];
let folder: string;
let done = false;
let load: Promise<unknown>;

/** The two roles of the README, with a database for them. */
async function makeRoles(server: SystemPostgres) {
  await asSuperuser(server, async (sql) => {
    await sql.unsafe("create role llm_owner login password 'pw'");
    await sql.unsafe("create role llm_app login password 'pw'");
    await sql.unsafe("create database llm owner llm_owner");
  });
}

async function asSuperuser(server: SystemPostgres, work: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  await work(sql).finally(() => sql.end());
}

const settingsOf = (server: SystemPostgres) => ({
  databaseUrl: server.as("llm_app", "llm"),
  env: { DATABASE_URL_UNPOOLED: server.as("llm_owner", "llm") },
});

/** The ways to make a second server out of a running one. */
const backups: [name: string, restore: () => Promise<SystemPostgres>][] = [
  [
    "a dump",
    async () => {
      const file = join(folder, "llm.dump");
      await source.run("pg_dump", "--format=custom", `--file=${file}`, source.as("llm_owner", "llm"));
      const copy = await startSystemPostgres(programs ?? "");
      await makeRoles(copy);
      await copy.run("pg_restore", "--exit-on-error", `--dbname=${copy.as("llm_owner", "llm")}`, file);
      return copy;
    },
  ],
  ["a base backup", () => startSystemPostgres(programs ?? "", source)],
];

beforeAll(async () => {
  if (!programs) return;
  folder = mkdtempSync(join(tmpdir(), "backup-"));
  source = await startSystemPostgres(programs);
  await makeRoles(source);
  upstream = await startScriptedUpstream();
  const { databaseUrl, env } = settingsOf(source);
  app = await startScriptedApp(databaseUrl, ["answers", "goes-on-and-on"], upstream.baseUrl, env);
  customers = await Promise.all([app.customer("1000"), app.customer("1000", "900"), app.customer("1000", "0.001")]);
  // The third spends what its key may.
  while ((await complete(app.url, customer(2).key, "test/answers")).status !== 402);
  load = Promise.all([...Array.from({ length: CALLERS }, callers), ...Array.from({ length: STREAMS }, streams)]);
});

const customer = (turn: number) => customers[turn % customers.length] as Customer;

async function callers(_: unknown, first: number) {
  for (let turn = first; !done; turn++) await complete(app.url, customer(turn).key, "test/answers");
}

async function streams(_: unknown, index: number) {
  while (!done) await complete(app.url, customer(index % 2).key, "test/goes-on-and-on", true);
}

afterAll(async () => {
  if (!programs) return;
  done = true;
  await load;
  await app.stop();
  await upstream.stop();
  await source.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm run money:check` says there; rejects where it finds a difference. */
async function moneyCheck({ databaseUrl, env }: ReturnType<typeof settingsOf>) {
  const settings = { PATH: process.env.PATH, ...env, DATABASE_URL: databaseUrl, APP_SECRET };
  const command = ["node_modules/tsx/dist/cli.mjs", "scripts/money-check.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    env: settings as unknown as NodeJS.ProcessEnv,
  });
  return stdout;
}

test.skipIf(!programs).each(backups)(
  "%s of a server under load, restored: its books are right, holds end, keys and limits work, and what is written once stays so",
  async (name, restore) => {
    await sleep(3_000);
    const copy = await restore();
    const settings = settingsOf(copy);
    const owner = postgres(copy.as("llm_owner", "llm"), { max: 1, onnotice: () => {} });
    const appRole = postgres(settings.databaseUrl, { max: 1 });
    let restored: App | undefined;
    try {
      expect(await moneyCheck(settings)).toContain("The books are right.");
      const rows =
        await owner`select id::text, account_id, amount_nano::text, kind, source, source_id from ledger order by id`;
      const ids = rows.map(({ id }) => id as string);
      const original = await app.sql`
        select id::text, account_id, amount_nano::text, kind, source, source_id from ledger where id = any (${ids}::bigint[]) order by id`;
      expect(rows.length).toBeGreaterThan(50);
      expect([...rows]).toEqual([...original]);

      restored = await startApp(settings);
      const open = async () =>
        (await owner`select count(*)::int as holds from holds where status = 'open'`)[0]?.holds as number;
      const before = await open();
      expect(before).toBeGreaterThanOrEqual(STREAMS);
      // Three minutes later.
      await owner`update holds set expires_at = now() - interval '1 second' where status = 'open'`;
      await expect.poll(open, { timeout: 60_000, interval: 500 }).toBe(0);
      expect([...(await owner`select id from accounts where held_nano <> 0`)]).toEqual([]);

      const url = restored.url;
      const ask = ({ key }: Customer) => complete(url, key, "test/answers");
      expect(await ask(customer(0))).toMatchObject({ status: 200 });
      expect(await ask(customer(1))).toMatchObject({ status: 200 });
      // Its tenth of a cent is spent.
      expect((await ask(customer(2))).status).toBe(402);
      const months = await owner`select distinct tableoid::regclass::text as name from generations`;
      expect(months.map(({ name }) => name)).not.toContain("generations_default");
      await owner`select generations_make_partitions(6)`;
      expect(await restored.sql`select reconcile('0 seconds') ->> 'differences' as found`).toMatchObject([
        { found: "[]" },
      ]);

      await expect(appRole`update ledger set source_id = 'x'`).rejects.toMatchObject({ code: "42501" });
      await expect(owner`delete from ledger`).rejects.toMatchObject({ code: "LG001" });
      expect(await moneyCheck(settings)).toContain("The books are right.");
      console.log(`${name}: ${rows.length} ledger rows, ${before} open holds, restored and right`);
    } finally {
      await restored?.stop();
      await Promise.all([owner.end(), appRole.end()]);
      await copy.stop();
    }
  },
);
