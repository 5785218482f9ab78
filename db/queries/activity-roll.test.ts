import { randomUUID } from "node:crypto";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";
import { closeDatabase, db } from "../client";
import { FIRST_TOKEN_BOUNDS } from "../schema";
import { rollActivity } from "./activity-roll";
import { expireHolds, type GenerationRow, settleHolds } from "./holds";

let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(await useFreshDatabase(), { max: 6, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await closeDatabase();
});

/** An empty log, summed up to three days ago. */
beforeEach(async () => {
  await sql`truncate generations, holds, activity, activity_stale, model_days`;
  await sql`update activity_state set rolled_until = now() - interval '3 days', seen_at = null, seen_transaction = 0`;
});

const [ada, bob] = [randomUUID(), randomUUID()];
const keys = [randomUUID(), randomUUID()];
const HOUR_MS = 3_600_000;
const since = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

const rolledUntil = async (): Promise<Date> => (await sql`select rolled_until from activity_state`)[0]?.rolled_until;

const MARGIN = { margin: "0 seconds" };

/** Rolls twice, since the first only looks, and without the margin for the clock: up to now, or as far as `seen`. */
async function roll(seen?: Date) {
  await rollActivity(db(), MARGIN);
  if (seen) await sql`update activity_state set seen_at = least(seen_at, ${seen})`;
  return rollActivity(db(), MARGIN);
}

type Given = Partial<Omit<GenerationRow, "id">>;

async function open(at: Date, accountId = ada, keyId = keys[0]): Promise<string> {
  const id = randomUUID();
  await sql`
    insert into accounts (id, posted_nano, held_nano) values (${accountId}, 1000000000, 1000)
      on conflict (id) do update set held_nano = accounts.held_nano + 1000`;
  await sql`
    insert into api_keys (id, account_id, name, hash, label) values (${keyId ?? ""}, ${accountId}, 'a', ${keyId ?? ""}, 'a')
      on conflict do nothing`;
  await sql`
    insert into holds (id, account_id, key_id, amount_nano, progress, created_at, expires_at)
    values (${id}, ${accountId}, ${keyId ?? ""}, 1000, '{"model_slug": "a/b"}', ${at}, now() + interval '3 minutes')`;
  return id;
}

const settle = (id: string, given: Given = {}) =>
  settleHolds([
    { id, requestedModel: "a/b", modelSlug: "a/b", outcome: "completed", costNano: 7n, upstreamCostNano: 7n, ...given },
  ]);

async function expire(id: string) {
  await sql`update holds set expires_at = now() - interval '1 second' where id = ${id} and status = 'open'`;
  await expireHolds(100);
}

const FIGURES = `sum(requests)::int as requests, sum(errors)::int as errors, sum(cancelled)::int as cancelled, sum(streamed)::int as streamed,
  sum(prompt_tokens)::text as prompt, sum(completion_tokens)::text as completion, sum(cost_nano)::text as cost, sum(total_ms)::text as ms,
  sum(${FIRST_TOKEN_BOUNDS.map((_, index) => `${index} * first_${index}`).join(" + ")} + 11 * first_11)::int as firsts`;
const BY = "key_id, model_slug, provider_slug, endpoint_id, app";

/** What readers are given, by everything they can ask it by, is what the log says at the same snapshot. */
async function compare() {
  const differences = await sql`
    with asked as (select * from unnest(array[${ada}, ${bob}]::uuid[]) as account, unnest(array['hour', 'day']) as grain),
    given as (
      select account, asked.grain, at, ${sql.unsafe(BY)}, ${sql.unsafe(FIGURES)}
        from asked, activity_between(account, grain, date_trunc('day', now() - interval '30 days', 'UTC'), now() + interval '1 day')
       group by account, asked.grain, at, ${sql.unsafe(BY)}),
    logged as (
      select account, grain, date_trunc(grain, created_at, 'UTC') as at, ${sql.unsafe(BY)}, ${sql.unsafe(FIGURES)}
        from asked join generation_figures on account_id = account group by account, grain, 3, ${sql.unsafe(BY)})
    (select 'only given' as side, * from (select * from given except all select * from logged) g)
    union all (select 'only logged', * from (select * from logged except all select * from given) l)`;
  expect([...differences]).toEqual([]);
  expect([...(await sql`select * from activity_drift`)]).toEqual([]);
}

const figures = fc.record({
  modelSlug: fc.constantFrom("a/b", "c/d"),
  providerSlug: fc.constantFrom("p", "q", undefined),
  outcome: fc.constantFrom("completed", "failed", "cancelled" as const),
  costNano: fc.bigInt(0n, 2_000n),
  inputTokens: fc.nat(5_000),
  cacheReadTokens: fc.nat(500),
  outputTokens: fc.nat(5_000),
  reasoningTokens: fc.nat(50),
  firstTokenMs: fc.option(fc.nat(40_000), { nil: undefined }),
  totalMs: fc.nat(90_000),
  streamed: fc.boolean(),
  appTitle: fc.option(fc.constantFrom("One", "Two"), { nil: undefined }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("open" as const), share, of: fc.constantFrom(ada, bob) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("settle" as const), which: fc.nat(), given: figures }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("expire" as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("import" as const), share, given: figures }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("roll" as const), share }) },
);

test("whatever order rows come in, late ones and changed ones too, sums and what is not summed yet are the log", async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const ids: string[] = [];
        /** A moment between what is summed and now: no hold is ever opened before. */
        const between = async (part: number) => {
          const from = (await rolledUntil()).getTime();
          return new Date(from + 1 + part * Math.max(0, Date.now() - from));
        };
        for (const step of steps) {
          const id = "which" in step ? ids[step.which % Math.max(1, ids.length)] : undefined;
          if (step.do === "open")
            ids.push(await open(await between(step.share), step.of, keys[step.of === ada ? 0 : 1]));
          else if (step.do === "settle" && id) await settle(id, step.given);
          else if (step.do === "expire" && id) await expire(id);
          else if (step.do === "import")
            await sql`
              insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, outcome, cost_nano)
              values (${randomUUID()}, ${since(1.1 + step.share * 100)}, ${ada}, ${keys[0] ?? ""}, '', ${step.given.modelSlug}, ${step.given.outcome}, 5)`;
          else if (step.do === "delete")
            await sql`delete from generations where id = (select id from generations order by id limit 1)`;
          else if (step.do === "roll") await roll(await between(step.share));
          await compare();
        }
        await roll();
        await compare();
        await roll();
        expect([...(await sql`select * from activity_stale`)]).toEqual([]);
      })
      .beforeEach(async () => {
        await sql`truncate generations, holds, activity, activity_stale, model_days`;
        await sql`update activity_state set rolled_until = now() - interval '3 days'`;
      }),
    { numRuns: 15 },
  );
}, 120_000);

test("the sums go as far as the oldest request that is not over, and no further", async () => {
  const early = await open(since(2));
  await settle(early);
  const running = await open(since(0.5));
  const later = await open(since(0.25));
  await settle(later);
  expect((await roll())?.until).toEqual((await sql`select created_at from holds where id = ${running}`)[0]?.created_at);
  expect(await sql`select sum(requests)::int as requests from activity where grain = 'day'`).toMatchObject([
    { requests: 1 },
  ]);
  await compare();
  await settle(running);
  await roll();
  expect(await sql`select sum(requests)::int as requests from activity where grain = 'day'`).toMatchObject([
    { requests: 3 },
  ]);
  await compare();
});

test("a hold that is being opened while the roller looks, and is committed long after, is not passed over", async () => {
  const before = await open(since(1));
  await settle(before);
  const slow = await sql.reserve();
  await slow`begin`;
  const id = randomUUID();
  await slow`
    insert into holds (id, account_id, key_id, amount_nano, progress, created_at, expires_at)
    values (${id}, ${ada}, ${keys[0] ?? ""}, 1000, '{}', clock_timestamp(), now() + interval '3 minutes')`;
  for (let round = 0; round < 3; round++) await roll();
  const [hold] = await slow`select created_at from holds where id = ${id}`;
  expect((await rolledUntil()).getTime()).toBeLessThanOrEqual(hold?.created_at.getTime());
  await slow`commit`;
  slow.release();
  await sql`update accounts set held_nano = held_nano + 1000 where id = ${ada}`;
  await roll();
  await settle(id);
  await roll();
  await compare();
  expect(await sql`select sum(requests)::int as requests from activity where grain = 'day'`).toMatchObject([
    { requests: 2 },
  ]);
});

test("what is settled late, after its hour was summed, shows at once and is summed the next time", async () => {
  const id = await open(since(2));
  await expire(id);
  await roll();
  await settle(id, { outcome: "completed", costNano: 9n, outputTokens: 50, providerSlug: "p" });
  expect([...(await sql`select account_id from activity_stale`)]).toEqual([{ account_id: ada }]);
  await compare();
  await roll();
  await compare();
  expect([
    ...(await sql`select grain, provider_slug, requests, errors, cost_nano::int as cost from activity order by grain`),
  ]).toEqual([
    { grain: "day", provider_slug: "p", requests: 1, errors: 0, cost: 9 },
    { grain: "hour", provider_slug: "p", requests: 1, errors: 0, cost: 9 },
  ]);
});

test("a settlement in its time writes nothing for the sums", async () => {
  const id = await open(since(0.9));
  await settle(id);
  expect([...(await sql`select * from activity_stale`)]).toEqual([]);
});

test("of replicas that roll together one does, and the others leave at once", async () => {
  for (let hour = 1; hour < 20; hour++) await settle(await open(since(hour)));
  const busy = await sql.reserve();
  await busy`begin`;
  await busy`select pg_advisory_xact_lock(hashtext('activity_roll'))`;
  expect(await rollActivity(db())).toBeUndefined();
  await busy`rollback`;
  busy.release();
  await Promise.all(Array.from({ length: 5 }, () => roll()));
  await roll();
  await compare();
});

test("a log that was never summed is summed in pieces, and is told right in between", async () => {
  for (let hour = 0; hour < 30; hour++) await settle(await open(since(hour)));
  await rollActivity(db(), MARGIN);
  const pieces = [];
  for (;;) {
    const piece = await rollActivity(db(), { ...MARGIN, budget: "0.1 milliseconds" });
    pieces.push(piece?.behind);
    await compare();
    if (!piece?.behind) break;
  }
  expect(pieces.length).toBeGreaterThan(2);
});

test("the buckets of the first token are those that are named", async () => {
  for (const [index, bound] of FIRST_TOKEN_BOUNDS.entries()) {
    await settle(await open(since(1 + index / 100)), { firstTokenMs: bound, totalMs: bound + 10, outputTokens: 5 });
  }
  await roll();
  const days = await sql`select * from activity where grain = 'day'`;
  const counts = Array.from({ length: 12 }, (_, index) =>
    days.reduce((sum, day) => sum + Number(day[`first_${index}`]), 0),
  );
  // A bound belongs to the bucket that it begins.
  expect(counts).toEqual([0, ...FIRST_TOKEN_BOUNDS.map(() => 1)]);
});
