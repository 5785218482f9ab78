import { sql } from "drizzle-orm";
import type { Database } from "../client";

export type ModelMeasures = {
  /** Sent and answered on the last seven UTC days, by everyone, as far as the log is summed up. */
  tokens: number;
  /** Medians of the last 24 hours. */
  firstTokenMs: number | null;
  tokensPerSecond: number | null;
};

/** What every model was asked lately, and how fast it was, by slug. */
export async function mapModelMeasures(db: Database): Promise<ReadonlyMap<string, ModelMeasures>> {
  const rows = await db.execute<Record<string, string | null>>(sql`
    with used as (
      select model_slug, sum(prompt_tokens + completion_tokens) as tokens
        from model_days where day >= (now() at time zone 'UTC')::date - 6 group by model_slug
    ), log as (
      select model_slug, first_token_ms, total_ms, output_tokens + reasoning_tokens as output
        from generations where created_at >= now() - interval '1 day'
    ), speed as (
      select model_slug, percentile_cont(0.5) within group (order by first_token_ms) as first_token_ms,
             percentile_cont(0.5) within group (order by output * 1000.0 / (total_ms - first_token_ms))
               filter (where output >= 10 and total_ms > first_token_ms) as tokens_per_second
        from log group by model_slug
    )
    select model_slug, coalesce(tokens, 0) as tokens, first_token_ms, tokens_per_second
      from used full join speed using (model_slug)`);
  const number = (text: string | null | undefined) => (text == null ? null : Number(text));
  return new Map(
    rows.map((row) => [
      row.model_slug ?? "",
      {
        tokens: Number(row.tokens),
        firstTokenMs: number(row.first_token_ms),
        tokensPerSecond: number(row.tokens_per_second),
      },
    ]),
  );
}
