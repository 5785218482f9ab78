import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import { answers } from "../faulty-upstream/faults";
import { BOOKS_IN_ORDER, type Gateway, startGateway } from "../gateway";
import { percentile } from "../hang-ups";

let gateway: Gateway;
let name: string;
beforeAll(async () => {
  const url = await useFreshDatabase();
  name = new URL(url).pathname.slice(1);
  gateway = await startGateway(url, [{ model: "one", wire: "openai", providers: { first: answers } }]);
  await one();
});
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

async function one() {
  const startedAt = performance.now();
  const response = await ask(gateway, "one", { stream: false });
  const id = response.headers.get("x-generation-id") ?? "";
  const body = (await response.json()) as { error?: { code: number; message: string } };
  return { status: response.status, id, body, ms: performance.now() - startedAt };
}

/** So many callers, each asking so many times. */
const crowd = async (callers: number, times: number) => {
  const work = Array.from({ length: callers }, async () => {
    const all: Awaited<ReturnType<typeof one>>[] = [];
    for (let count = 0; count < times; count++) all.push(await one());
    return all;
  });
  return (await Promise.all(work)).flat();
};

const statuses = (all: { status: number }[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of all) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const charged = async (ids: string[]) =>
  (
    await gateway.sql`select count(*)::int as count from generations where id in ${gateway.sql(ids)} and outcome = 'completed'`
  )[0]?.count;

test("while slow reports hold every connection that pages have, no completion fails or waits for them", async () => {
  const usual = percentile(
    (await crowd(4, 25)).map(({ ms }) => ms),
    0.5,
  );
  // Thirty on ten connections, each as long as a statement may take: for some fifteen seconds there is none left.
  const reports = Array.from({ length: 30 }, () =>
    db()
      .execute(sql`select pg_sleep(4.5)`)
      .catch(() => {}),
  );
  await sleep(200);
  const startedAt = performance.now();
  const all = await crowd(4, 50);
  const took = performance.now() - startedAt;
  const times = all.map(({ ms }) => ms);
  console.log(
    `${all.length} completions in ${(took / 1000).toFixed(1)} s beside 30 slow reports on 10 connections: ${JSON.stringify(statuses(all))}, p50 ${percentile(times, 0.5).toFixed(0)} ms (${usual.toFixed(0)} without them), p99 ${percentile(times, 0.99).toFixed(0)} ms`,
  );
  expect(took).toBeLessThan(13_000);
  await Promise.all(reports);
  expect(statuses(all)).toEqual({ 200: 200 });
  expect(percentile(times, 0.99)).toBeLessThan(2_000);
});

test("a database that takes no writes is a clean 503 that says when to come again; when it takes them again, all goes on", async () => {
  const admin = gateway.sql;
  const setReadOnly = async (on: boolean) => {
    await admin.unsafe(`alter database ${name} set default_transaction_read_only = ${on ? "on" : "off"}`);
    // As a failover does: whoever was connected is cut off, and finds a standby.
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = ${name} and pid <> pg_backend_pid() and application_name = 'openrouter-self-hosted'`;
  };
  const before = await crowd(4, 5);
  await setReadOnly(true);
  const during = await crowd(4, 10);
  await setReadOnly(false);
  const backAt = performance.now();
  while ((await one()).status !== 200) await sleep(50);
  const recovered = performance.now() - backAt;
  const after = await crowd(4, 10);
  console.log(
    `read-only: ${JSON.stringify(statuses(during))}; ${recovered.toFixed(0)} ms after it took writes again the next was served, and then ${JSON.stringify(statuses(after))}`,
  );
  expect(statuses(during)).toEqual({ 503: 40 });
  for (const { body } of during) expect(body.error).toMatchObject({ code: 503 });
  expect(recovered).toBeLessThan(10_000);
  expect(statuses(after)).toEqual({ 200: 40 });
  const ids = [...before, ...after].map(({ id }) => id);
  await expect.poll(() => charged(ids), { timeout: 20_000 }).toBe(ids.length);
});

test("of statements that Postgres ends to break a tie one in twenty changes nothing: each answer is charged once", async () => {
  for (const [table, code] of [
    ["holds", "40001"],
    ["generations", "40P01"],
    ["accounts", "55P03"],
  ] as const) {
    await gateway.sql.unsafe(`
      create function fail_${table}() returns trigger language plpgsql as $$
      begin
        if random() < 0.05 then raise exception 'injected' using errcode = '${code}'; end if;
        return new;
      end $$;
      create trigger zz_fail before insert or update on ${table} for each row execute function fail_${table}();`);
  }
  const all = await crowd(8, 50);
  for (const table of ["holds", "generations", "accounts"])
    await gateway.sql.unsafe(`drop trigger zz_fail on ${table}; drop function fail_${table}();`);
  const served = all.filter(({ status }) => status === 200).map(({ id }) => id);
  console.log(
    `serialization failures, deadlocks and lock timeouts in 5 % of the rows written: ${JSON.stringify(statuses(all))}`,
  );
  expect(Object.keys(statuses(all)).every((status) => ["200", "503"].includes(status))).toBe(true);
  expect(served.length).toBeGreaterThan(all.length * 0.8);
  await expect.poll(() => charged(served), { timeout: 60_000, interval: 500 }).toBe(served.length);
});
