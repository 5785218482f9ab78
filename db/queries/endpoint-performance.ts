import { sql } from "drizzle-orm";
import type { Database } from "../client";

export type Performance = {
  providerSlug: string;
  /** The hour's begin; null for the whole day. */
  hour: Date | null;
  /** Requests that the provider was asked to answer, and those that it failed. */
  asked: number;
  failed: number;
  /** Medians of what was answered: milliseconds to the first token, and tokens a second after it. */
  firstTokenMs: number | null;
  tokensPerSecond: number | null;
};

/**
 * How a model's providers did in the last 24 hours, by hour and in all. A provider that was tried and replaced by the
 * next one failed too; what the caller broke off, or got wrong, is not held against it.
 */
export async function listPerformance(db: Database, modelSlug: string): Promise<Performance[]> {
  const rows = await db.execute<Record<string, string | null>>(sql`
    with log as (
      select provider_slug, created_at, outcome, error_type, first_token_ms, total_ms, output_tokens + reasoning_tokens as output, attempts
        from generations where model_slug = ${modelSlug} and created_at >= now() - interval '24 hours'
    ), tried as (
      select provider_slug, created_at, first_token_ms,
             case when output >= 10 and total_ms > first_token_ms then output * 1000.0 / (total_ms - first_token_ms) end as speed,
             outcome = 'failed' as failed
        from log
       where provider_slug is not null
         and (outcome <> 'failed' or error_type in ('provider_unavailable', 'provider_overloaded', 'rate_limit_exceeded', 'timeout'))
      union all
      select attempt ->> 'provider', created_at, null, null, true
        from log, jsonb_array_elements(attempts) as attempt
       where attempts is not null and coalesce(attempt ->> 'model', ${modelSlug}) = ${modelSlug}
         and attempt ->> 'failure' <> 'hedged'
    )
    select provider_slug, date_trunc('hour', created_at) as hour, count(*) as asked, count(*) filter (where failed) as failed,
           percentile_cont(0.5) within group (order by first_token_ms) as first_token_ms,
           percentile_cont(0.5) within group (order by speed) as tokens_per_second
      from tried
     group by grouping sets ((provider_slug, date_trunc('hour', created_at)), (provider_slug))
     order by 1, 2`);
  const number = (text: string | null | undefined) => (text == null ? null : Number(text));
  return rows.map((row) => ({
    providerSlug: row.provider_slug ?? "",
    hour: row.hour ? new Date(row.hour) : null,
    asked: Number(row.asked),
    failed: Number(row.failed),
    firstTokenMs: number(row.first_token_ms),
    tokensPerSecond: number(row.tokens_per_second),
  }));
}
