import { randomUUID } from "node:crypto";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";
import { closeDatabase, db, unhurried } from "../client";
import { rollActivity } from "./activity-roll";
import { type LogCursor, type LogFilter, type LogRow, searchGenerations } from "./generation-search";

let sql: postgres.Sql;

const [ada, bob, key, otherKey] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const HOUR_MS = 3_600_000;
const COUNT = 400;

/** Four hundred requests of two accounts over two hundred days, half of them summed and the others not yet. */
beforeAll(async () => {
  sql = postgres(await useFreshDatabase(), { max: 1, onnotice: () => {} });
  await sql`update activity_state set rolled_until = now() - interval '201 days'`;
  await sql`
    insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, outcome, finish_reason,
                             streamed, cost_nano, app_title)
    select 'gen-' || n, now() - power((n % ${COUNT}::int) / ${COUNT}::float8, 2) * interval '200 days', case when n % 5 = 0 then ${bob}::uuid else ${ada}::uuid end,
           case when n % 3 = 0 then ${otherKey}::uuid else ${key}::uuid end, '', case when n % 97 = 0 then 'rare/model' else 'a/b' end,
           case when n % 31 = 0 then null when n % 2 = 0 then 'p' else 'q' end,
           case when n % 31 = 0 then 'failed' when n % 29 = 0 then 'cancelled' when n % 101 = 0 then 'expired' else 'completed' end,
           case when n % 7 = 0 then 'length' when n % 31 <> 0 then 'stop' end, n % 4 = 0, (n * 7919) % 1000, case when n % 6 = 0 then 'App' end
      from generate_series(1, ${COUNT}::int) n`;
  await rollActivity(db());
  await sql`update activity_state set seen_at = now() - interval '20 days'`;
  await unhurried((database) => rollActivity(database), 120_000);
  const [state] = await sql`select rolled_until < now() - interval '19 days' as there from activity_state`;
  expect(state?.there).toBe(true);
});
afterAll(async () => {
  await sql.end();
  await closeDatabase();
});

/** Everything that the filter lets through, a page after the other. */
async function walk(accountId: string, filter: LogFilter, most: number): Promise<LogRow[]> {
  const found: LogRow[] = [];
  let before: LogCursor | undefined;
  for (let page = 0; page < COUNT; page++) {
    const { rows, searchedTo } = await searchGenerations(db(), accountId, { filter, before, most });
    found.push(...rows);
    before =
      rows.length === most
        ? rows.at(-1)
        : searchedTo
          ? { micros: BigInt(searchedTo.getTime()) * 1000n, id: "" }
          : undefined;
    if (!before) return found;
  }
  throw new Error("the walk does not end");
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const filters: fc.Arbitrary<LogFilter> = fc.record({
  model: maybe(fc.constantFrom("a/b", "rare/model", "no/model")),
  keyId: maybe(fc.constantFrom(key, otherKey)),
  provider: maybe(fc.constantFrom("p", "q", "")),
  app: maybe(fc.constantFrom("App", "")),
  outcome: maybe(fc.constantFrom("completed", "failed", "cancelled", "expired" as const)),
  finishReason: maybe(fc.constantFrom("stop", "length")),
  streamed: maybe(fc.boolean()),
  costAbove: maybe(fc.bigInt(0n, 999n)),
  from: maybe(fc.integer({ min: 0, max: 5_000 }).map((hours) => new Date(Date.now() - hours * HOUR_MS))),
  until: maybe(fc.integer({ min: 0, max: 5_000 }).map((hours) => new Date(Date.now() - hours * HOUR_MS))),
});

test("whatever it is narrowed to and however long its pages are, the log is told whole, newest first and nobody else's", async () => {
  const all = await walk(ada, {}, 1_000);
  expect(all).toHaveLength(COUNT - COUNT / 5);
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 1, max: 60 }), async (filter, most) => {
      const fits = (row: LogRow) =>
        (filter.model === undefined || row.modelSlug === filter.model) &&
        (filter.keyId === undefined || row.keyId === filter.keyId) &&
        (filter.provider === undefined || (row.providerSlug ?? "") === filter.provider) &&
        (filter.app === undefined || (row.app ?? "") === filter.app) &&
        (filter.outcome === undefined || row.outcome === filter.outcome) &&
        (filter.finishReason === undefined || row.finishReason === filter.finishReason) &&
        (filter.streamed === undefined || row.streamed === filter.streamed) &&
        (filter.costAbove === undefined || row.costNano > filter.costAbove) &&
        (filter.from === undefined || row.at >= filter.from) &&
        (filter.until === undefined || row.at < filter.until);
      expect((await walk(ada, filter, most)).map(({ id }) => id)).toEqual(all.filter(fits).map(({ id }) => id));
    }),
    { numRuns: 60 },
  );
}, 180_000);

test("a search that ends before the log does says how far it looked", async () => {
  const { rows, searchedTo } = await searchGenerations(db(), ada, { filter: { model: "rare/model" }, most: 50 });
  expect(rows.length).toBeGreaterThan(0);
  expect(searchedTo?.getTime()).toBeLessThan(Date.now() - 91 * 24 * HOUR_MS);
  expect(searchedTo?.getTime()).toBeGreaterThan(Date.now() - 94 * 24 * HOUR_MS);
});
