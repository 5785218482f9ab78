import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "../tests/database";
import { closeDatabase, db, moneyStatement, unhurried } from "./client";
import { retrying } from "./retrying";

beforeAll(async () => {
  await useFreshDatabase();
  process.env.DATABASE_POOL_SIZE = "1";
});

afterAll(async () => {
  await closeDatabase();
});

/** Three rows, then a division by zero. */
const BREAKS_OFF = "select 1 / (4 - i) as n from generate_series(1, 10) i";
const COUNTS = "select x::int as x from generate_series(1, 5) x";

test("a statement that breaks off after some rows takes none from the next one on its connection", async () => {
  const broken = moneyStatement((statement) => statement.unsafe(BREAKS_OFF)).catch(({ code }) => code);
  const rows = await moneyStatement<{ x: number }[]>((statement) => statement.unsafe(COUNTS));
  expect(await broken).toBe("22012");
  expect(rows.map((row) => row?.x)).toEqual([1, 2, 3, 4, 5]);
});

test("nor does one whose connection was cut", async () => {
  const cut = moneyStatement((statement) =>
    statement.unsafe("select x, pg_terminate_backend(pg_backend_pid()) from generate_series(1, 3) x, pg_sleep(0)"),
  ).catch(({ type }) => type);
  expect(await cut).toBe("service_unavailable");
  const rows = await retrying(() => moneyStatement<{ x: number }[]>((statement) => statement.unsafe(COUNTS)));
  expect(rows.map((row) => row?.x)).toEqual([1, 2, 3, 4, 5]);
});

test("the same for what Drizzle asks", async () => {
  const broken = db()
    .execute(sql.raw(BREAKS_OFF))
    .catch(({ cause }) => cause.code);
  const rows = await db().execute<{ x: number }>(sql.raw(COUNTS));
  expect(await broken).toBe("22012");
  expect([...rows].map((row) => row?.x)).toEqual([1, 2, 3, 4, 5]);
});

test("what may take its time has it, and no more", async () => {
  const sleep = (ms: number, most: number) =>
    unhurried((database) => database.execute(sql.raw(`select pg_sleep(${ms / 1_000})`)), most);
  await sleep(5_500, 20_000);
  await expect(sleep(10_000, 300)).rejects.toMatchObject({ cause: { code: "57014" } });
});
