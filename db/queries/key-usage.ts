import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** Nano-USD that a key has used: ever, and since the UTC day, week and month began. */
export type KeyUsage = { total: bigint; daily: bigint; weekly: bigint; monthly: bigint };

const NOTHING: KeyUsage = { total: 0n, daily: 0n, weekly: 0n, monthly: 0n };

/** From the log, since the row of an unlimited key is never written by a request. Keys without use are not in it. */
export async function sumKeyUsage(db: Database, keyIds: string[]): Promise<(keyId: string) => KeyUsage> {
  if (keyIds.length === 0) return () => NOTHING;
  const rows = await db.execute<{ key_id: string; total: string; daily: string; weekly: string; monthly: string }>(sql`
    select key_id, sum(cost_nano) as total,
           coalesce(sum(cost_nano) filter (where created_at >= window_start('daily', now())), 0) as daily,
           coalesce(sum(cost_nano) filter (where created_at >= window_start('weekly', now())), 0) as weekly,
           coalesce(sum(cost_nano) filter (where created_at >= window_start('monthly', now())), 0) as monthly
      from generations where key_id in ${keyIds} group by key_id`);
  const usage = new Map(
    rows.map(({ key_id, total, daily, weekly, monthly }) => [
      key_id,
      { total: BigInt(total), daily: BigInt(daily), weekly: BigInt(weekly), monthly: BigInt(monthly) },
    ]),
  );
  return (keyId) => usage.get(keyId) ?? NOTHING;
}
