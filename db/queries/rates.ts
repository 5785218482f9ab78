import { sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";

/** Counts `delta` tokens more, or fewer, than a key's request was expected to count when it was admitted, so long ago. */
export async function correctTokenRate(keyId: string, delta: number, agoMs: number): Promise<void> {
  await moneyStatement(
    (statement) => statement`select rate_correct(${keyId}, 'tokens', ${delta}, ${agoMs}::int * interval '1 ms')`,
  );
}

/** What an account has made of requests to free models today, and what it was given, promotions apart: nano-USD. */
export async function readFreeUse(db: Database, accountId: string): Promise<{ used: number; paid: bigint }> {
  const [row] = await db.execute<{ used: number; paid: string }>(sql`
    select coalesce((select counted from rate_counters where subject = ${accountId}
                        and what = 'free ' || to_char(now() at time zone 'utc', 'YYYY-MM-DD')), 0)::int as used,
           (select coalesce(sum(amount_nano), 0) from ledger
             where account_id = ${accountId} and kind not in ('usage', 'usage_late') and kind <> 'promo') as paid`);
  return { used: row?.used ?? 0, paid: BigInt(row?.paid ?? 0) };
}

/** No window is longer than a day. */
export async function deleteOldRates(db: Database): Promise<void> {
  await db.execute(sql`delete from rate_counters where since < now() - interval '2 days'`);
}
