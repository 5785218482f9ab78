import { sql } from "drizzle-orm";
import type { Database } from "../client";

export type ModelRanking = {
  modelSlug: string;
  /** Prompt and completion, in the days asked for and in as many days before them. */
  tokens: number;
  tokensBefore: number;
  requests: number;
};

/**
 * The models by the tokens that all accounts together had of them on the last `days` UTC days, today included: at most a
 * minute or two behind. Requests that nobody answered count for nothing. Who asked is nowhere in what is read.
 */
export async function rankModels(db: Database, days: number, most: number): Promise<ModelRanking[]> {
  const rows = await db.execute<Record<string, string>>(sql`
    with today as (select (now() at time zone 'utc')::date as day)
    select model_slug, coalesce(sum(prompt_tokens + completion_tokens) filter (where d.day > today.day - ${days}::int), 0) as tokens,
           coalesce(sum(prompt_tokens + completion_tokens) filter (where d.day <= today.day - ${days}::int), 0) as before,
           coalesce(sum(requests - errors) filter (where d.day > today.day - ${days}::int), 0) as requests
      from model_days d cross join today
     where d.day > today.day - 2 * ${days}::int and d.day <= today.day and model_slug <> ''
     group by model_slug
    having sum(prompt_tokens + completion_tokens) filter (where d.day > today.day - ${days}::int) > 0
     order by 2 desc, 1
     limit ${most}`);
  return rows.map(({ model_slug, tokens, before, requests }) => ({
    modelSlug: model_slug ?? "",
    tokens: Number(tokens),
    tokensBefore: Number(before),
    requests: Number(requests),
  }));
}
