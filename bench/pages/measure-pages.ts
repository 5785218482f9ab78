import type postgres from "postgres";
import { toSpan } from "@/components/activity/activity-search";
import { db } from "@/db/client";
import { listLogChoices, readActivity } from "@/db/queries/activity";
import { rollActivity } from "@/db/queries/activity-roll";
import { listPerformance } from "@/db/queries/endpoint-performance";
import { listRecentGenerations, sumToday } from "@/db/queries/generation-list";
import { type LogCursor, type LogFilter, searchGenerations } from "@/db/queries/generation-search";
import { findGeneration } from "@/db/queries/generations";
import { listLastUses } from "@/db/queries/key-list";
import { sumKeyUsage } from "@/db/queries/key-usage";
import { rankModels } from "@/db/queries/model-rankings";
import { HEAVY } from "./fill-log";

export type Measured = { page: string; p50: number; p95: number; most: number };

type Draw = { account: string; key: string; model: string; cursor: LogCursor; id: string };

/** Each page's statements, as often as `rounds` says, every time about something else; the first time of each is not counted. */
export async function measurePages(sql: postgres.Sql, rounds: number): Promise<Measured[]> {
  const draws = { heavy: await draw(sql, HEAVY, rounds + 1), any: await draw(sql, null, rounds + 1) };
  const measured: Measured[] = [];
  for (const [page, whose, work] of pages) {
    const times: number[] = [];
    for (const drawn of draws[whose]) {
      const begun = performance.now();
      // What the database gives up after five seconds counts as the time that was waited for it.
      await work(drawn).catch((error) => {
        if (error.cause?.code !== "57014") throw error;
      });
      times.push(performance.now() - begun);
    }
    const sorted = times.slice(1).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    measured.push({
      page: `${page}${whose === "heavy" ? "" : ", any account"}`,
      p50: at(0.5),
      p95: at(0.95),
      most: at(1),
    });
  }
  return measured;
}

const activity = (range: "24h" | "7d" | "30d" | "90d", by: "model" | "key" | "app") => (drawn: Draw) =>
  readActivity(db(), drawn.account, { span: toSpan({ range, from: null, until: null }), by, own: 4, most: 100 });

const log = (filter: (drawn: Draw) => LogFilter, from?: (drawn: Draw) => LogCursor) => (drawn: Draw) =>
  searchGenerations(db(), drawn.account, { filter: filter(drawn), before: from?.(drawn), most: 51 });

const pages: [page: string, whose: "heavy" | "any", work: (drawn: Draw) => Promise<unknown>][] = [
  [
    "overview",
    "heavy",
    ({ account }) => Promise.all([sumToday(db(), account), listRecentGenerations(db(), account, 10)]),
  ],
  ["activity, 24 hours by model", "heavy", activity("24h", "model")],
  ["activity, 7 days by model", "heavy", activity("7d", "model")],
  ["activity, 30 days by key", "heavy", activity("30d", "key")],
  ["activity, 90 days by model", "heavy", activity("90d", "model")],
  ["activity, 90 days by model", "any", activity("90d", "model")],
  ["apps, 30 days", "heavy", activity("30d", "app")],
  ["logs", "heavy", log(() => ({}))],
  ["logs", "any", log(() => ({}))],
  [
    "logs, somewhere in the middle",
    "heavy",
    log(
      () => ({}),
      ({ cursor }) => cursor,
    ),
  ],
  ["logs of a model", "heavy", log(({ model }) => ({ model }))],
  ["logs of a model", "any", log(({ model }) => ({ model }))],
  ["logs of a key", "heavy", log(({ key }) => ({ keyId: key }))],
  ["logs of what failed", "heavy", log(() => ({ outcome: "failed" }))],
  [
    "logs of what failed of a model, from the middle on",
    "heavy",
    log(
      ({ model }) => ({ model, outcome: "failed" }),
      ({ cursor }) => cursor,
    ),
  ],
  ["logs of a finish reason that one in ten thousand has", "heavy", log(() => ({ finishReason: "content_filter" }))],
  ["logs of what cost more than all but a few", "heavy", log(() => ({ costAbove: 39_900_000n }))],
  ["logs of an app that nobody has", "heavy", log(() => ({ app: "https://nobody.example" }))],
  ["what logs can be narrowed to", "heavy", ({ account }) => listLogChoices(db(), account)],
  ["a request", "heavy", ({ account, id }) => findGeneration(db(), account, id)],
  ["keys", "heavy", ({ key }) => Promise.all([sumKeyUsage(db(), [key]), listLastUses(db(), [key])])],
  ["a model's performance", "heavy", ({ model }) => listPerformance(db(), model)],
  ["rankings, 30 days", "heavy", () => rankModels(db(), 30, 100)],
  ["summing up a minute", "heavy", () => rollActivity(db())],
];

/** Rows of the log from all of its time, of one account or of any. */
async function draw(sql: postgres.Sql, account: string | null, count: number): Promise<Draw[]> {
  const rows = await sql`
    select g.* from generate_series(1, ${count}::int) n cross join lateral (
      select account_id, key_id, model_slug, id, (extract(epoch from created_at) * 1000000)::bigint::text as micros
        from generations
       where created_at >= now() - (n * 80.0 / ${count}) * interval '1 day' and created_at < now() - (n * 80.0 / ${count}) * interval '1 day' + interval '1 hour'
         and (${account}::uuid is null or account_id = ${account}::uuid)
       order by md5(id) limit 1) g`;
  return rows.map((row) => ({
    account: row.account_id,
    key: row.key_id,
    model: row.model_slug,
    id: row.id,
    cursor: { micros: BigInt(row.micros), id: row.id },
  }));
}
