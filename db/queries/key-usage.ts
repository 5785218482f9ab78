import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** Nano-USD: ever, and since the UTC day, week and month began. */
export type Used = { total: bigint; daily: bigint; weekly: bigint; monthly: bigint };

/** What a key has cost the account, and what callers' own providers charged for its BYOK requests. */
export type KeyUsage = Used & { byok: Used };

const NONE: Used = { total: 0n, daily: 0n, weekly: 0n, monthly: 0n };
const NOTHING: KeyUsage = { ...NONE, byok: NONE };

const WINDOWS = ["daily", "weekly", "monthly"] as const;

/**
 * From the sums of the log and what is not in them yet, since the row of an unlimited key is never written by a request.
 * Keys without use are not in it.
 */
export async function sumKeyUsage(db: Database, keyIds: string[]): Promise<(keyId: string) => KeyUsage> {
  if (keyIds.length === 0) return () => NOTHING;
  const since = (column: string, name: string) =>
    WINDOWS.map(
      (window) =>
        `coalesce(sum(${column}) filter (where at >= window_start('${window}', now())), 0) as ${name}_${window}`,
    ).join(", ");
  const rows = await db.execute<Record<string, string>>(sql`
    select d.key_id, sum(cost_nano) as paid_total, sum(byok_usage_nano) as byok_total,
           ${sql.raw(since("cost_nano", "paid"))}, ${sql.raw(since("byok_usage_nano", "byok"))}
      from (select distinct account_id from api_keys where id in ${keyIds}) a
     cross join lateral activity_between(a.account_id, 'day', '-infinity', 'infinity') d
     where d.key_id in ${keyIds} group by d.key_id`);
  const used = (row: Record<string, string>, name: string): Used => ({
    total: BigInt(row[`${name}_total`] ?? 0),
    daily: BigInt(row[`${name}_daily`] ?? 0),
    weekly: BigInt(row[`${name}_weekly`] ?? 0),
    monthly: BigInt(row[`${name}_monthly`] ?? 0),
  });
  const usage = new Map(rows.map((row) => [row.key_id, { ...used(row, "paid"), byok: used(row, "byok") }]));
  return (keyId) => usage.get(keyId) ?? NOTHING;
}
