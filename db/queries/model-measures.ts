import { sql } from "drizzle-orm";
import type { Database } from "../client";

export type ModelMeasures = {
  /** Sent and answered in the last seven days, by everyone. */
  tokens: number;
  /** Medians of the last 24 hours. */
  firstTokenMs: number | null;
  tokensPerSecond: number | null;
};

/** What every model was asked lately, and how fast it was, by slug. */
export async function mapModelMeasures(db: Database): Promise<ReadonlyMap<string, ModelMeasures>> {
  const rows = await db.execute<Record<string, string | null>>(sql`
    with log as (
      select model_slug, created_at >= now() - interval '1 day' as recent, first_token_ms, total_ms,
             output_tokens + reasoning_tokens as output,
             input_tokens + cache_read_tokens + cache_write_tokens + cache_write_hour_tokens + audio_tokens as input
        from generations where created_at >= now() - interval '7 days'
    )
    select model_slug, sum(input + output) as tokens,
           percentile_cont(0.5) within group (order by first_token_ms) filter (where recent) as first_token_ms,
           percentile_cont(0.5) within group (order by output * 1000.0 / (total_ms - first_token_ms))
             filter (where recent and output >= 10 and total_ms > first_token_ms) as tokens_per_second
      from log group by model_slug`);
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
