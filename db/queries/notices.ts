import { sql } from "drizzle-orm";
import type { Database } from "../client";
import { accountSettings } from "../schema";

/** What its owner wants to be told. Saved anew, a low balance is told of again. */
export async function updateNotices(
  db: Database,
  accountId: string,
  { lowBalanceNano, tellsKeyLimits }: { lowBalanceNano: bigint | null; tellsKeyLimits: boolean },
): Promise<void> {
  const set = { lowBalanceNano, tellsKeyLimits, lowBalanceToldAt: null, updatedAt: sql`clock_timestamp()` };
  await db
    .insert(accountSettings)
    .values({ accountId, lowBalanceNano, tellsKeyLimits })
    .onConflictDoUpdate({ target: accountSettings.accountId, set });
}

export type LowBalance = { accountId: string; email: string; postedNano: bigint; belowNano: bigint };

/**
 * The accounts whose balance has fallen below what their owners named, each given to one caller alone until it has been up
 * there again. Only for owners whose address is confirmed.
 */
export async function claimLowBalances(db: Database, most: number): Promise<LowBalance[]> {
  await db.execute(sql`
    update account_settings s set low_balance_told_at = null
      from accounts a
     where a.id = s.account_id and s.low_balance_told_at is not null and a.posted_nano >= s.low_balance_nano`);
  const rows = await db.execute<{ account: string; email: string; posted: string; below: string }>(sql`
    update account_settings s set low_balance_told_at = clock_timestamp()
      from accounts a join users u on u.account_id = a.id
     where a.id = s.account_id and s.low_balance_told_at is null and a.posted_nano < s.low_balance_nano
       and u.email_verified_at is not null and u.disabled_at is null
       and s.account_id in (
         select account_id from account_settings join accounts on id = account_id
          where low_balance_told_at is null and posted_nano < low_balance_nano limit ${most})
    returning s.account_id as account, u.email, a.posted_nano::text as posted, s.low_balance_nano::text as below`);
  return rows.map(({ account, email, posted, below }) => ({
    ...{ accountId: account, email },
    ...{ postedNano: BigInt(posted), belowNano: BigInt(below) },
  }));
}

/** Gives it back, for another try. */
export async function unclaimLowBalance(db: Database, { accountId }: LowBalance): Promise<void> {
  await db.execute(sql`update account_settings set low_balance_told_at = null where account_id = ${accountId}`);
}

export type KeyAtLimit = {
  keyId: string;
  email: string;
  name: string;
  label: string;
  share: number;
  limitNano: bigint;
  spentNano: bigint;
  reset: string;
  /** To name the row by; JavaScript's dates have no microseconds, and no infinity. */
  windowStart: string;
};

/**
 * The keys that have spent these shares of their limits, in per cent, each given to one caller alone: once for a share, in a
 * window, of a limit. Of a key that passed several shares at once, the last.
 */
export async function claimKeysAtLimit(db: Database, shares: readonly number[], most: number): Promise<KeyAtLimit[]> {
  const rows = await db.execute<Record<string, string> & { share: number }>(sql`
    with reached as (
      select k.id, k.window_start, k.limit_nano, k.spent_nano, k.name, k.label, k.reset, u.email, t.share
        from account_settings s
        join users u on u.account_id = s.account_id and u.email_verified_at is not null and u.disabled_at is null
        join api_keys k on k.account_id = s.account_id
        join unnest(${sql.raw(`array[${shares.map(Number).join(",")}]`)}) as t(share)
          on k.spent_nano::numeric * 100 >= k.limit_nano::numeric * t.share
       where s.tell_key_limits and k.limit_nano > 0 and k.deleted_at is null and not k.disabled
         and not exists (select 1 from key_limit_notices n
                          where n.key_id = k.id and n.window_start = k.window_start and n.limit_nano = k.limit_nano
                            and n.share = t.share)
       limit ${most}),
    claimed as (
      insert into key_limit_notices (key_id, window_start, limit_nano, share)
        select id, window_start, limit_nano, share from reached on conflict do nothing
      returning key_id, window_start, limit_nano, share)
    select distinct on (r.id) r.id, r.email, r.name, r.label, r.reset, r.share, r.limit_nano::text, r.spent_nano::text,
           r.window_start::text
      from reached r join claimed c
        on c.key_id = r.id and c.window_start = r.window_start and c.limit_nano = r.limit_nano and c.share = r.share
     order by r.id, r.share desc`);
  return rows.map((row) => ({
    ...{ keyId: row.id ?? "", email: row.email ?? "", name: row.name ?? "", label: row.label ?? "", share: row.share },
    ...{ limitNano: BigInt(row.limit_nano ?? 0), spentNano: BigInt(row.spent_nano ?? 0), reset: row.reset ?? "none" },
    windowStart: row.window_start ?? "",
  }));
}

export async function unclaimKeyAtLimit(
  db: Database,
  { keyId, windowStart, limitNano, share }: KeyAtLimit,
): Promise<void> {
  await db.execute(sql`
    delete from key_limit_notices
     where key_id = ${keyId} and window_start = ${windowStart}::timestamptz and limit_nano = ${limitNano.toString()}::bigint
       and share = ${share}`);
}
