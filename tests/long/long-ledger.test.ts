import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, unhurried } from "@/db/client";
import { reconcile } from "@/db/queries/reconciliation";
import { useFreshDatabase } from "../database";

const ROWS = Number(process.env.LONG_LEDGER_ROWS ?? 20_000_000);
const ACCOUNTS = 2_000;

let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(await useFreshDatabase(), { max: 1, onnotice: () => {} });
});

afterAll(async () => {
  await sql.end();
  await closeDatabase();
});

const check = () => unhurried((database) => reconcile(database, "0 seconds"), 600_000);

test(`the minute's check over ${ROWS} ledger rows takes less than a second, and adds what came since`, async () => {
  await sql`insert into accounts (id) select gen_random_uuid() from generate_series(1, ${ACCOUNTS})`;
  await sql`create temp table numbered as select id, row_number() over () - 1 as n from accounts`;
  await sql`create unique index on numbered (n)`;
  const add = (from: number, to: number) => sql`
    insert into ledger (account_id, amount_nano, kind, source, source_id)
    select numbered.id, 1 + s % 5, 'promo', 'test', s::text from generate_series(${from}::int, ${to}::int) s join numbered on n = s % ${ACCOUNTS}`;
  await add(1, ROWS);
  const balance = () =>
    sql`update accounts a set posted_nano = l.total from (select account_id, sum(amount_nano) as total from ledger group by 1) l where l.account_id = a.id`;
  await balance();
  const first = await check();
  const second = await check();
  await add(ROWS + 1, ROWS + 60_000);
  await balance();
  const third = await check();
  console.log(
    `${ROWS} ledger rows: the first check ${first?.took_ms} ms, the second, which makes the checkpoints, ${second?.took_ms} ms, ` +
      `one after 60,000 more ${third?.took_ms} ms`,
  );
  for (const run of [first, second, third]) expect(run?.differences).toEqual([]);
  expect(third?.took_ms).toBeLessThan(1_000);
  await sql`update accounts set posted_nano = posted_nano + 1 where id = (select id from numbered where n = 7)`;
  expect((await check())?.differences).toHaveLength(1);
});
