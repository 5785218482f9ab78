import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../client";
import { FIRST_TOKEN_BOUNDS } from "../schema";

export type ActivityBy = "model" | "key" | "provider" | "app";

export type ActivityFilter = { model?: string; keyId?: string; provider?: string; app?: string };

/** A stretch of time and the steps it is told in: `from` is where a step begins, and steps are whole hours or days. */
export type ActivitySpan = { from: Date; until: Date; step: "1 hour" | "6 hours" | "1 day" };

/** What requests came to. Amounts are nano-USD. */
export type Figures = {
  requests: number;
  /** Of these, those that failed or were cut off, and those that the caller broke off. */
  errors: number;
  cancelled: number;
  promptTokens: number;
  /** Of the prompt's, those read from a cache; of the completion's, those of reasoning. */
  cachedTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  costNano: bigint;
  byokNano: bigint;
  /** Tokens that came after a first one, and the milliseconds they took. */
  speedTokens: number;
  speedMs: number;
  /** Requests by the time to their first token: see `FIRST_TOKEN_BOUNDS`. */
  firstTokens: number[];
};

/** A model's slug, a key's id, a provider's slug or an app's name; empty: none was given. */
export type Series = { name: string; place: number; title: string | null; figures: Figures };
export type ActivityPoint = { at: Date; place: number; figures: Figures };

const BUCKETS = FIRST_TOKEN_BOUNDS.length + 1;

const SUMS = [
  "requests",
  "errors",
  "cancelled",
  "prompt_tokens",
  "cached_tokens",
  "completion_tokens",
  "reasoning_tokens",
  "cost_nano",
  "byok_usage_nano",
  "speed_tokens",
  "speed_ms",
  ...Array.from({ length: BUCKETS }, (_, bucket) => `first_${bucket}`),
];
const SUMMED = sql.raw(SUMS.map((name) => `sum(${name}) as ${name}`).join(", "));

const columns: Record<ActivityBy, string> = {
  model: "model_slug",
  key: "key_id",
  provider: "provider_slug",
  app: "app",
};

/**
 * An account's activity, exact to this moment: each series of a kind with its place, the dearest first, at most `most` of
 * them; and what each step came to, with the series from `own` on taken together as the place `own`.
 */
export async function readActivity(
  db: Database,
  accountId: string,
  {
    span,
    by,
    filter = {},
    own,
    most,
  }: { span: ActivitySpan; by: ActivityBy; filter?: ActivityFilter; own: number; most: number },
): Promise<{ series: Series[]; points: ActivityPoint[] }> {
  const rows = await db.execute<Record<string, string | null>>(sql`
    with figures as materialized (
      select date_bin(${span.step}::interval, at, '2000-01-01Z') as at, coalesce(${sql.raw(columns[by])}::text, '') as name,
             max(app_title) as title, ${SUMMED}
        from ${within(accountId, span)}
       where ${matching(filter)}
       group by 1, 2
    ), series as materialized (
      select name, max(title) as title, ${SUMMED},
             row_number() over (order by sum(cost_nano) desc, sum(requests) desc, name) - 1 as place
        from figures group by name
    )
    select null as at, name, title, place, ${sql.raw(SUMS.join(", "))} from series where place < ${most}
    union all
    select at, null, null, shown, ${sql.raw(SUMS.map((name) => `sum(${name})`).join(", "))}
      from (select figures.*, least(series.place, ${own}::int) as shown from figures join series using (name)) placed
     group by at, shown
     order by 1 nulls first, place`);
  return {
    series: rows.flatMap((row) =>
      row.at === null || row.at === undefined
        ? [{ name: row.name ?? "", title: row.title ?? null, place: Number(row.place), figures: toFigures(row) }]
        : [],
    ),
    points: rows.flatMap((row) =>
      row.at ? [{ at: new Date(row.at), place: Number(row.place), figures: toFigures(row) }] : [],
    ),
  };
}

/** The rows of `activity_between` that a span is made of. */
export const within = (accountId: string, { from, until, step }: ActivitySpan): SQL =>
  sql`activity_between(${accountId}, ${step === "1 day" ? "day" : "hour"}, ${from.toISOString()}::timestamptz, ${until.toISOString()}::timestamptz)`;

export function matching({ model, keyId, provider, app }: ActivityFilter): SQL {
  const wanted = [
    model !== undefined && sql`model_slug = ${model}`,
    keyId !== undefined && sql`key_id = ${keyId}`,
    provider !== undefined && (provider === "" ? sql`provider_slug is null` : sql`provider_slug = ${provider}`),
    app !== undefined && (app === "" ? sql`app is null` : sql`app = ${app}`),
  ].filter((one) => one !== false);
  return wanted.length > 0 ? sql.join(wanted, sql` and `) : sql`true`;
}

function toFigures(row: Record<string, string | null>): Figures {
  const count = (name: string) => Number(row[name] ?? 0);
  return {
    requests: count("requests"),
    errors: count("errors"),
    cancelled: count("cancelled"),
    promptTokens: count("prompt_tokens"),
    cachedTokens: count("cached_tokens"),
    completionTokens: count("completion_tokens"),
    reasoningTokens: count("reasoning_tokens"),
    costNano: BigInt(row.cost_nano ?? 0),
    byokNano: BigInt(row.byok_usage_nano ?? 0),
    speedTokens: count("speed_tokens"),
    speedMs: count("speed_ms"),
    firstTokens: Array.from({ length: BUCKETS }, (_, bucket) => count(`first_${bucket}`)),
  };
}

/** What an account's requests of some UTC days came to: a row a day, key, model, endpoint and provider. */
export type ActivityDay = Figures & {
  day: Date;
  keyId: string;
  modelSlug: string;
  providerSlug: string | null;
  endpointId: string | null;
};

/** By day, then by what was asked: what `GET /activity` and the export tell. `from` and `until` are where days begin. */
export async function listActivityDays(
  db: Database,
  accountId: string,
  { from, until, filter = {} }: { from: Date; until: Date; filter?: ActivityFilter },
): Promise<ActivityDay[]> {
  const rows = await db.execute<Record<string, string | null>>(sql`
    select at, key_id, model_slug, provider_slug, endpoint_id, ${SUMMED}
      from ${within(accountId, { from, until, step: "1 day" })}
     where ${matching(filter)}
     group by 1, 2, 3, 4, 5
     order by 1, sum(cost_nano) desc, 3, 2, 4, 5`);
  return rows.map((row) => ({
    ...toFigures(row),
    day: new Date(row.at ?? 0),
    keyId: row.key_id ?? "",
    modelSlug: row.model_slug ?? "",
    providerSlug: row.provider_slug ?? null,
    endpointId: row.endpoint_id ?? null,
  }));
}

const CHOICES = ["model", "key", "provider", "app"] as const;

/** What an account's last thirty days of the log can be narrowed to: slugs, key ids and apps; empty where there was none. */
export async function listLogChoices(db: Database, accountId: string): Promise<Record<ActivityBy, string[]>> {
  const rows = await db.execute<{ kind: ActivityBy; value: string }>(sql`
    with found as materialized (
      select model_slug, key_id::text as key_id, provider_slug, app
        from activity_between(${accountId}, 'day', date_trunc('day', now() - interval '30 days', 'UTC'), now() + interval '1 day')
       group by 1, 2, 3, 4)
    ${sql.join(
      CHOICES.map(
        (kind) => sql`select ${kind} as kind, coalesce(${sql.raw(columns[kind])}, '') as value from found group by 2`,
      ),
      sql` union all `,
    )}`);
  const of = (wanted: ActivityBy) => rows.filter(({ kind }) => kind === wanted).map(({ value }) => value);
  return { model: of("model"), key: of("key"), provider: of("provider"), app: of("app") };
}
