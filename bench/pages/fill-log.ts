import type postgres from "postgres";
import type { rollActivity as Roll } from "@/db/queries/activity-roll";

const DAYS = 90;
const ACCOUNTS = 2_000;
export const HEAVY = "00000000-0000-4000-8000-000000000001";

/** Fills the log by SQL, month by month as the app would have, in the order of time; then sums it up as a server does that was just updated. */
export async function fillLog(sql: postgres.Sql, rows: number, rollActivity: typeof Roll): Promise<void> {
  const begun = performance.now();
  const say = (what: string) =>
    console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${what}`);
  await sql`select setseed(0.42)`;
  await sql`
    insert into accounts (id) select case when n = 1 then ${HEAVY}::uuid else gen_random_uuid() end from generate_series(1, ${ACCOUNTS}::int) n`;
  await sql`
    insert into api_keys (account_id, name, hash, label)
    select a.id, 'Key ' || n, md5(a.id::text || n), 'k' from accounts a, generate_series(1, 12) n where n <= 2 or a.id = ${HEAVY}`;
  // What a request may be about: its account, key, endpoint and app; drawn from by a number.
  await sql`
    create unlogged table drawn_payers as
      select (row_number() over (order by a.id) - 1)::int as n, a.id as account_id, array_agg(k.id order by k.id) as keys
        from accounts a join api_keys k on k.account_id = a.id where a.id <> ${HEAVY} group by a.id`;
  await sql`alter table drawn_payers add primary key (n)`;
  await sql`
    create unlogged table drawn_endpoints as
      select (row_number() over (order by md5(id::text)) - 1)::int as n, id, model_slug, provider_slug, upstream_model from endpoints`;
  await sql`alter table drawn_endpoints add primary key (n)`;
  const [counts] = await sql`
    select (select count(*) from drawn_payers)::int as payers, (select least(40, count(*)) from drawn_endpoints)::int as endpoints,
           (select array_agg(id) from api_keys where account_id = ${HEAVY}) as heavy`;

  // One day is drawn, request by request; the others are that day again, under other ids.
  const perDay = Math.floor(rows / DAYS);
  await sql`
    create unlogged table drawn_day as
    select r.n, r.n * 86400::float8 / ${perDay}::int * interval '1 second' as at, coalesce(p.account_id, ${HEAVY}) as account_id,
           coalesce(p.keys[1 + (r.b * 2)::int % 2], (${counts?.heavy}::uuid[])[1 + (r.b * 11)::int]) as key_id,
           e.model_slug, case when r.c < 0.998 then e.provider_slug end as provider_slug, case when r.c < 0.998 then e.id end as endpoint_id,
           e.upstream_model, r.d < 0.6 as streamed,
           case when r.c > 0.985 then 'failed' when r.c > 0.975 then 'cancelled' else 'completed' end as outcome,
           case when r.c > 0.975 then null when r.e < 0.8 then 'stop' when r.e < 0.97 then 'tool_calls' when r.e < 0.9999 then 'length'
                else 'content_filter' end as finish_reason,
           case when r.c > 0.985 then 'provider_unavailable' end as error_type, (r.d * 4000)::int + 20 as input_tokens,
           case when r.e > 0.7 then (r.e * 2000)::int else 0 end as cache_read_tokens, (r.e * 900)::int + 1 as output_tokens,
           (r.d * r.e * 40000000)::bigint as cost_nano, 150 + (power(r.e, 4) * 6000)::int as first_token_ms, 400 + (r.d * 9000)::int as total_ms,
           case when r.b < 0.5 then 'App ' || (r.b * 11)::int end as app_title,
           case when r.c > 0.99 then '[{"provider": "openai", "failure": "provider_unavailable", "status": 503, "ms": 210}]'::jsonb end as attempts
      from (select n, random() as a, random() as b, random() as c, random() as d, random() as e, random() as f, random() as g
              from generate_series(0, ${perDay - 1}::int) n) r
      left join drawn_payers p on r.a > 0.22 and p.n = (power(r.f, 3) * ${counts?.payers - 1}::int)::int
      join drawn_endpoints e on e.n = (power(r.g, 3) * ${counts?.endpoints - 1}::int)::int
     order by r.n`;
  const days = await sql<{ day: string; month: string }[]>`
    select to_char(d, 'YYYY-MM-DD') as day, to_char(d, 'YYYY-MM-01') as month
      from generate_series(date_trunc('day', now() at time zone 'utc') - make_interval(days => ${DAYS}), now() at time zone 'utc', '1 day') d`;
  for (const month of new Set(days.map(({ month }) => month))) {
    const name = `generations_${month.slice(0, 7).replace("-", "_")}`;
    await sql.unsafe(`drop table if exists ${name}`);
    await sql.unsafe(`create table ${name} (like generations including defaults)`);
    for (const { day } of days.filter((one) => one.month === month))
      await sql.unsafe(`
        insert into ${name} (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, endpoint_id, upstream_model,
            streamed, outcome, finish_reason, error_type, input_tokens, cache_read_tokens, output_tokens, usage_source, cost_nano,
            first_token_ms, total_ms, app_url, app_title, attempts)
        select 'gen-' || floor(extract(epoch from '${day}Z'::timestamptz) + extract(epoch from at))::bigint || '-' || substr(md5(n || '${day}'), 1, 20),
               '${day}Z'::timestamptz + at, account_id, key_id, model_slug, model_slug, provider_slug, endpoint_id, upstream_model, streamed, outcome,
               finish_reason, error_type, input_tokens, cache_read_tokens, output_tokens, 'provider', cost_nano, first_token_ms, total_ms,
               'https://' || replace(app_title, ' ', '-') || '.example', app_title, attempts
          from drawn_day where '${day}Z'::timestamptz + at < now() order by n`);
    await sql.unsafe(
      `alter table generations attach partition ${name} for values from ('${month}Z') to ('${nextMonth(month)}Z')`,
    );
    say(`the log of ${month.slice(0, 7)} is written`);
  }
  await sql`drop table drawn_payers, drawn_endpoints, drawn_day`;
  await sql`vacuum (analyze) generations`;
  say("and vacuumed");

  await sql`update activity_state set rolled_until = (select date_trunc('hour', min(created_at), 'UTC') from generations), seen_at = null`;
  await rollAll(sql, rollActivity);
  say("its sums are made");
  await sql`vacuum (analyze) activity`;
  const [drift] = await sql`select count(*)::int as rows from activity_drift`;
  if (drift?.rows !== 0) throw new Error("the sums are not the log");
  say("and are the log");
}

/** As the server's timer does, which looks once and sums up to there the next time. */
async function rollAll(sql: postgres.Sql, rollActivity: typeof Roll): Promise<void> {
  const { drizzle } = await import("drizzle-orm/postgres-js");
  const database = drizzle(sql) as unknown as Parameters<typeof Roll>[0];
  await rollActivity(database);
  while ((await rollActivity(database))?.behind);
}

function nextMonth(month: string): string {
  const date = new Date(month);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}
