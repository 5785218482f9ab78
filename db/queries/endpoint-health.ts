import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** What so many percent of the answers were at least as good as. */
export type Percentiles = { p50: number; p75: number; p90: number; p99: number };

type Tries = { asked: number; failed: number };

export type EndpointHealth = {
  /** Null: of the provider's tries that were followed by another one's answer, which do not say at which endpoint. */
  endpointId: string | null;
  providerSlug: string;
  last5m: Tries;
  last30m: Tries;
  last1d: Tries;
  /** Of the last 30 minutes: milliseconds to the first token, and tokens a second after it. */
  latency: Percentiles | null;
  throughput: Percentiles | null;
};

const PERCENTS = sql.raw("array[0.5, 0.75, 0.9, 0.99]");

/**
 * How a model's endpoints did: tries and failures of the last minutes and the last day, speeds of the last 30 minutes. A
 * try that was turned away for its rate counts as none, and what the caller broke off or got wrong is no failure.
 */
export async function listEndpointHealth(db: Database, modelSlug: string): Promise<EndpointHealth[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    with log as (
      select endpoint_id, provider_slug, created_at, outcome, error_type, first_token_ms, total_ms,
             output_tokens + reasoning_tokens as output, attempts, created_at >= now() - interval '30 minutes' as recent
        from generations where model_slug = ${modelSlug} and created_at >= now() - interval '1 day'
    ), tried as (
      select endpoint_id, provider_slug, created_at, outcome = 'failed' as failed,
             case when recent then first_token_ms end as latency,
             case when recent and output >= 10 and total_ms > first_token_ms
                  then output * 1000.0 / (total_ms - first_token_ms) end as speed
        from log
       where provider_slug is not null
         and (outcome <> 'failed' or error_type in ('provider_unavailable', 'provider_overloaded', 'timeout'))
      union all
      select null, attempt ->> 'provider', created_at, true, null, null
        from log, jsonb_array_elements(attempts) as attempt
       where attempts is not null and coalesce(attempt ->> 'model', ${modelSlug}) = ${modelSlug}
         and attempt ->> 'failure' not in ('throttled', 'context_length', 'too_large', 'moderation', 'invalid_request', 'unsupported_parameter', 'hedged')
    )
    select endpoint_id, provider_slug,
           count(*) filter (where created_at >= now() - interval '5 minutes')::int as asked_5m,
           count(*) filter (where failed and created_at >= now() - interval '5 minutes')::int as failed_5m,
           count(*) filter (where created_at >= now() - interval '30 minutes')::int as asked_30m,
           count(*) filter (where failed and created_at >= now() - interval '30 minutes')::int as failed_30m,
           count(*)::int as asked_1d, count(*) filter (where failed)::int as failed_1d,
           percentile_cont(${PERCENTS}) within group (order by latency) as latency,
           percentile_cont(${PERCENTS}) within group (order by speed desc) as throughput
      from tried group by endpoint_id, provider_slug`);
  return rows.map((row) => ({
    endpointId: row.endpoint_id as string | null,
    providerSlug: String(row.provider_slug),
    last5m: { asked: Number(row.asked_5m), failed: Number(row.failed_5m) },
    last30m: { asked: Number(row.asked_30m), failed: Number(row.failed_30m) },
    last1d: { asked: Number(row.asked_1d), failed: Number(row.failed_1d) },
    latency: toPercentiles(row.latency as number[] | null),
    throughput: toPercentiles(row.throughput as number[] | null),
  }));
}

function toPercentiles(values: (number | null)[] | null): Percentiles | null {
  const [p50, p75, p90, p99] = (values ?? []).map((value) => (value === null ? null : Math.round(value * 100) / 100));
  if (p50 == null || p75 == null || p90 == null || p99 == null) return null;
  return { p50, p75, p90, p99 };
}
