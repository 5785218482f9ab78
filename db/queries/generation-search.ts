import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../client";
import type { generations } from "../schema";
import { type ActivityFilter, matching } from "./activity";

export type Outcome = (typeof generations.$inferSelect)["outcome"];

export type LogFilter = ActivityFilter & {
  outcome?: Outcome;
  finishReason?: string;
  streamed?: boolean;
  /** Nano-USD: only those that cost more. */
  costAbove?: bigint;
  /** From this moment on, and before that one. */
  from?: Date;
  until?: Date;
};

/** A place in the log: microseconds since 1970, and the id that tells apart what began in the same one. */
export type LogCursor = { micros: bigint; id: string };

export type LogRow = LogCursor & {
  at: Date;
  modelSlug: string;
  providerSlug: string | null;
  keyId: string;
  /** Null: the key is not there any more. */
  keyName: string | null;
  app: string | null;
  outcome: Outcome;
  finishReason: string | null;
  errorType: string | null;
  streamed: boolean;
  promptTokens: number;
  completionTokens: number;
  costNano: bigint;
  firstTokenMs: number | null;
  totalMs: number | null;
};

/** `searchedTo`: how far back was looked where the search ended before the log did; rows beyond it were not seen. */
export type LogPage = { rows: LogRow[]; searchedTo: Date | null };

/** How far back one search looks, and how many rows it reads where the sums cannot tell whether a row will do. */
const REACH = "92 days";
const MOST_READ = 20_000;

/**
 * An account's log, newest first, from a cursor on. Where it is filtered, the sums say which hours have what is looked
 * for, so that a rare row is found without reading what lies between.
 */
export function searchGenerations(
  db: Database,
  accountId: string,
  { filter, before, most }: { filter: LogFilter; before?: LogCursor; most: number },
): Promise<LogPage> {
  const end = earliest(filter.until, before && new Date(Number(before.micros / 1000n) + 1));
  const picky = Object.entries(filter).some(
    ([name, value]) => value !== undefined && name !== "from" && name !== "until",
  );
  return picky
    ? searchHours(db, accountId, filter, before, end, most)
    : readOn(db, accountId, filter, before, end, most);
}

async function readOn(
  db: Database,
  accountId: string,
  filter: LogFilter,
  before: LogCursor | undefined,
  end: Date | undefined,
  most: number,
): Promise<LogPage> {
  const rows = await db.execute<RawRow>(sql`
    select ${FIELDS} from generations g left join api_keys k on k.id = g.key_id
     where g.account_id = ${accountId} and ${between(filter.from, end)} and ${beyond(before)}
     order by g.created_at desc, g.id desc limit ${most}`);
  return { rows: rows.map(toLogRow), searchedTo: null };
}

async function searchHours(
  db: Database,
  accountId: string,
  filter: LogFilter,
  before: LogCursor | undefined,
  end: Date | undefined,
  most: number,
): Promise<LogPage> {
  const until = end ? sql`${end.toISOString()}::timestamptz` : sql`now() + interval '1 day'`;
  const from = sql`greatest(${filter.from ? sql`${filter.from.toISOString()}::timestamptz` : sql`null`}, date_trunc('day', ${until} - interval ${sql.raw(`'${REACH}'`)}, 'UTC'))`;
  const sums = matching(filter);
  // A finish reason is not in the sums: whether an hour has it is known only after it was read.
  const enough = filter.finishReason === undefined ? most : MOST_READ;
  const found = sql`sum(${filter.finishReason === undefined ? expected(filter) : sql`requests`})`;
  // Of the day and the hour of the end, some may lie beyond it: they count for nothing.
  const picked = (name: string, rows: SQL, edge: string) => sql`
    ${sql.raw(name)} as materialized (
      select at, found from (
        select at, found, sum(case when at < date_trunc('${sql.raw(edge)}', ${until}, 'UTC') then found else 0 end)
                 over (order by at desc rows between unbounded preceding and 1 preceding) as sooner from (${rows}) r) s
       where coalesce(sooner, 0) < ${enough})`;
  const having = sql`having sum(${expected(filter)}) > 0`;
  const answer = await db.execute<RawRow & { searched_to: string | null }>(sql`
    with days as materialized (
      select at, ${found} as found from activity_between(${accountId}, 'day', date_trunc('day', ${from}, 'UTC'), ${until})
       where ${sums} group by at ${having}
    ), ${picked("some_days", sql`select * from days`, "day")}, hours as materialized (
      select h.at, ${found} as found
        from some_days d cross join lateral activity_between(${accountId}, 'hour', d.at, d.at + interval '1 day') h
       where h.at < ${until} and ${sums} group by h.at ${having}
    ), ${picked("some_hours", sql`select * from hours`, "hour")}, page as (
      select g.* from some_hours h cross join lateral (
        select * from generations g
         where g.account_id = ${accountId} and g.created_at >= h.at and g.created_at < h.at + interval '1 hour'
           and ${between(filter.from, end)} and ${beyond(before)} and ${fitting(filter)}
         order by g.created_at desc, g.id desc limit ${most}) g
       order by g.created_at desc, g.id desc limit ${most}
    ), ended as (
      select case when (select count(*) from days) > (select count(*) from some_days) or (select count(*) from hours) > (select count(*) from some_hours)
                  then (select min(at) from some_hours)
                  when ${from} > coalesce(${filter.from ? sql`${filter.from.toISOString()}::timestamptz` : sql`(select min(at) from activity where account_id = ${accountId} and grain = 'day')`}, 'infinity')
                  then ${from} end as searched_to)
    select e.searched_to, r.* from ended e
      left join (select ${FIELDS} from page g left join api_keys k on k.id = g.key_id) r on true
     order by r.micros desc, r.id desc`);
  const rows = answer.filter(({ id }) => id !== null).map(toLogRow);
  const searchedTo = answer[0]?.searched_to;
  return { rows, searchedTo: searchedTo && rows.length < most ? new Date(searchedTo) : null };
}

/** How many requests of a row of the sums may be what is looked for. */
function expected({ outcome, streamed, costAbove }: LogFilter): SQL {
  const counts = [
    outcome === undefined
      ? sql`requests`
      : outcome === "completed"
        ? sql`requests - errors - cancelled`
        : outcome === "cancelled"
          ? sql`cancelled`
          : sql`errors`,
    ...(streamed === undefined ? [] : [streamed ? sql`streamed` : sql`requests - streamed`]),
    ...(costAbove === undefined ? [] : [sql`case when most_nano > ${costAbove.toString()}::bigint then 1 else 0 end`]),
  ];
  return sql`least(${sql.join(counts, sql`, `)})`;
}

function fitting(filter: LogFilter): SQL {
  const { model, keyId, provider, app, outcome, finishReason, streamed, costAbove } = filter;
  const wanted = [
    model !== undefined && sql`g.model_slug = ${model}`,
    keyId !== undefined && sql`g.key_id = ${keyId}`,
    provider !== undefined && (provider === "" ? sql`g.provider_slug is null` : sql`g.provider_slug = ${provider}`),
    app !== undefined &&
      (app === "" ? sql`coalesce(g.app_url, g.app_title) is null` : sql`coalesce(g.app_url, g.app_title) = ${app}`),
    outcome !== undefined && sql`g.outcome = ${outcome}`,
    finishReason !== undefined && sql`g.finish_reason = ${finishReason}`,
    streamed !== undefined && sql`g.streamed = ${streamed}`,
    costAbove !== undefined && sql`g.cost_nano > ${costAbove.toString()}::bigint`,
  ].filter((one) => one !== false);
  return wanted.length > 0 ? sql.join(wanted, sql` and `) : sql`true`;
}

function between(from: Date | undefined, until: Date | undefined): SQL {
  const bounds = [
    from && sql`g.created_at >= ${from.toISOString()}::timestamptz`,
    until && sql`g.created_at < ${until.toISOString()}::timestamptz`,
  ].filter((one) => one !== undefined);
  return bounds.length > 0 ? sql.join(bounds, sql` and `) : sql`true`;
}

const beyond = (cursor: LogCursor | undefined): SQL =>
  cursor
    ? sql`(g.created_at, g.id) < ('epoch'::timestamptz + ${cursor.micros.toString()}::bigint * interval '1 microsecond', ${cursor.id})`
    : sql`true`;

const earliest = (...dates: (Date | undefined)[]): Date | undefined =>
  dates.reduce((first, date) => (!first || (date && date < first) ? date : first), undefined);

type RawRow = Record<string, string | null> & { id: string };

const FIELDS = sql.raw(`
  g.id, g.created_at::text as at, (extract(epoch from g.created_at) * 1000000)::bigint as micros, g.model_slug, g.provider_slug,
  g.key_id, k.name as key_name, coalesce(g.app_title, g.app_url) as app, g.outcome, g.finish_reason, g.error_type, g.streamed::int as streamed,
  g.input_tokens::bigint + g.cache_read_tokens + g.cache_write_tokens + g.cache_write_hour_tokens + g.audio_tokens as prompt_tokens,
  g.output_tokens::bigint + g.reasoning_tokens as completion_tokens, g.cost_nano::text as cost_nano, g.first_token_ms, g.total_ms`);

const number = (text: string | null | undefined) => (text === null || text === undefined ? null : Number(text));

const toLogRow = (row: RawRow): LogRow => ({
  id: row.id,
  micros: BigInt(row.micros ?? 0),
  at: new Date(row.at ?? 0),
  modelSlug: row.model_slug ?? "",
  providerSlug: row.provider_slug ?? null,
  keyId: row.key_id ?? "",
  keyName: row.key_name ?? null,
  app: row.app ?? null,
  outcome: row.outcome as Outcome,
  finishReason: row.finish_reason ?? null,
  errorType: row.error_type ?? null,
  streamed: Number(row.streamed) === 1,
  promptTokens: Number(row.prompt_tokens),
  completionTokens: Number(row.completion_tokens),
  costNano: BigInt(row.cost_nano ?? 0),
  firstTokenMs: number(row.first_token_ms),
  totalMs: number(row.total_ms),
});
