import { eq, sql } from "drizzle-orm";
import type { Database } from "../client";
import { attemptCounters } from "../schema";

export type AttemptLimit = {
  /** So many in a row cost no wait; each further one doubles it, from two seconds on. */
  free: number;
  /** After so many comes a pause as long as the window. */
  most: number;
  /** The count is forgotten when nothing was tried for so long. */
  windowSeconds: number;
};

/**
 * Counts one more attempt, before it is made: those that come at once are counted one by one. Returns the seconds to
 * wait instead when it may not be made now; such an attempt is not counted.
 */
export async function countAttempt(db: Database, key: string, { free, most, windowSeconds }: AttemptLimit) {
  const window = sql`make_interval(secs => ${windowSeconds}::float8)`;
  // Not `now()` where there is no pause: of two at once, the one who began earlier may be the later to count.
  const until = (count: ReturnType<typeof sql>) => sql`
    case when ${count} >= ${most}::int then now() + ${window}
         when ${count} > ${free}::int then now() + least(make_interval(secs => power(2, ${count} - ${free}::int)), ${window})
         else '-infinity' end`;
  const count = sql`case when c.last_at <= now() - ${window} then 1 else c.count + 1 end`;
  const [row] = await db.execute<{ wait: number | null }>(sql`
    with counted as (
      insert into attempt_counters as c (key, count, last_at, blocked_until)
      values (${key}, 1, now(), ${until(sql`1`)})
      on conflict (key) do update
        set count = ${count}, last_at = now(), blocked_until = ${until(sql`(${count})`)}
        where c.blocked_until <= now()
      returning key)
    select case when exists (select 1 from counted) then null else coalesce(
      (select ceil(extract(epoch from blocked_until - now())) from attempt_counters where key = ${key}), 1)::int end as wait`);
  return row?.wait ?? undefined;
}

export async function deleteAttempts(db: Database, key: string): Promise<void> {
  await db.delete(attemptCounters).where(eq(attemptCounters.key, key));
}

/** Takes one attempt back, with the pause it brought: it was not one of those that are counted. */
export async function refundAttempt(db: Database, key: string): Promise<void> {
  await db.execute(sql`
    update attempt_counters set count = greatest(count - 1, 0), blocked_until = '-infinity'
     where key = ${key}`);
}
