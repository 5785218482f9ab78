import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** What an account asked of an endpoint on a UTC day. */
export type DailyActivity = {
  /** `2026-11-27` */
  day: string;
  modelSlug: string;
  providerSlug: string;
  endpointId: string;
  requests: number;
  costNano: bigint;
  byokUsageNano: bigint;
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
};

/** The newest day first; of a day, what cost most. What nobody answered is not in it. `keyId`: of this key alone. */
export async function listDailyActivity(
  db: Database,
  accountId: string,
  { from, until, keyId }: { from: Date; until: Date; keyId?: string },
): Promise<DailyActivity[]> {
  const rows = await db.execute<Record<string, string>>(sql`
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, model_slug, provider_slug, endpoint_id,
           sum(requests) as requests, sum(cost_nano) as cost_nano, sum(byok_usage_nano) as byok_usage_nano,
           sum(prompt_tokens) as prompt_tokens, sum(completion_tokens) as completion_tokens,
           sum(reasoning_tokens) as reasoning_tokens
      from activity_between(${accountId}, 'day', ${from.toISOString()}, ${until.toISOString()})
     where endpoint_id is not null ${keyId === undefined ? sql`` : sql`and key_id = ${keyId}`}
     group by at, model_slug, provider_slug, endpoint_id
     order by at desc, sum(cost_nano) desc, model_slug, provider_slug, endpoint_id`);
  return rows.map((row) => ({
    day: row.day ?? "",
    modelSlug: row.model_slug ?? "",
    providerSlug: row.provider_slug ?? "",
    endpointId: row.endpoint_id ?? "",
    requests: Number(row.requests),
    costNano: BigInt(row.cost_nano ?? 0),
    byokUsageNano: BigInt(row.byok_usage_nano ?? 0),
    promptTokens: Number(row.prompt_tokens),
    completionTokens: Number(row.completion_tokens),
    reasoningTokens: Number(row.reasoning_tokens),
  }));
}

/** A key that the account has, or had: what it spent stays in the sums. */
export async function findKeyId(db: Database, accountId: string, hash: string): Promise<string | undefined> {
  const [row] = await db.execute<{ id: string }>(
    sql`select id from api_keys where account_id = ${accountId} and hash = ${hash}`,
  );
  return row?.id;
}

export async function isUserOf(db: Database, accountId: string, userId: string): Promise<boolean> {
  const rows = await db.execute(sql`select 1 from users where account_id = ${accountId} and id = ${userId}`);
  return rows.length > 0;
}
