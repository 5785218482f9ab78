import { sql } from "drizzle-orm";
import type { Database } from "../client";

export type NewSessionKey = { sessionId: string; name: string; hash: string; label: string };

/**
 * A key for an hour, or until the session ends if that is sooner; the moment of its end. Undefined when the session is
 * not there, or has got `most` keys within the hour.
 */
export async function insertSessionKey(
  db: Database,
  { sessionId, name, hash, label }: NewSessionKey,
  most: number,
): Promise<Date | undefined> {
  const [row] = await db.execute<{ expires_at: string }>(sql`
    insert into api_keys (account_id, name, hash, label, session_id, expires_at)
    select u.account_id, ${name}, ${hash}, ${label}, s.id, least(now() + interval '1 hour', s.expires_at)
      from sessions s join users u on u.id = s.user_id
     where s.id = ${sessionId} and s.expires_at > now() and u.disabled_at is null
       and (select count(*) from api_keys k
             where k.account_id = u.account_id and k.session_id = s.id and k.created_at > now() - interval '1 hour')
           < ${most}
    returning expires_at`);
  return row && new Date(row.expires_at);
}
