import { and, desc, eq, gt, isNull, ne, sql } from "drizzle-orm";
import type { Database } from "../client";
import { sessions, users } from "../schema";

/** A session ends a week after it was last used, and thirty days after it began. */
const IDLE = sql`interval '7 days'`;
const WHOLE = sql`interval '30 days'`;

const isLive = () => and(gt(sessions.expiresAt, sql`now()`), gt(sessions.lastSeenAt, sql`now() - ${IDLE}`));

/** The live session with this token hash, and whose it is; undefined when it has ended or its user is disabled. */
export async function findLiveSession(db: Database, tokenHash: string) {
  const [row] = await db
    .select({
      sessionId: sessions.id,
      provedAt: sessions.provedAt,
      isStale: sql<boolean>`${sessions.lastSeenAt} < now() - interval '1 minute'`,
      userId: users.id,
      accountId: users.accountId,
      email: users.email,
      name: users.name,
      role: users.role,
      emailVerifiedAt: users.emailVerifiedAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), isLive(), isNull(users.disabledAt)));
  return row;
}

export type NewSession = { tokenHash: string; userId: string; userAgent: string | null; address: string | null };

/** Undefined when there is no such user, or he is disabled. */
export async function insertSession(db: Database, { tokenHash, userId, userAgent, address }: NewSession) {
  const rows = await db.execute<{ id: string }>(sql`
    insert into sessions (token_hash, user_id, expires_at, user_agent, address)
    select ${tokenHash}, id, now() + ${WHOLE}, ${userAgent}::text, ${address}::text
      from users where id = ${userId} and disabled_at is null
    returning id`);
  return rows[0]?.id;
}

/** To the minute: a busy page does not write a row at each request. */
export async function updateLastSeen(db: Database, sessionId: string): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.id, sessionId));
}

export async function updateProof(db: Database, sessionId: string): Promise<void> {
  await db.update(sessions).set({ provedAt: sql`now()` }).where(eq(sessions.id, sessionId));
}

export const listSessions = (db: Database, userId: string) =>
  db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      userAgent: sessions.userAgent,
      address: sessions.address,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive()))
    .orderBy(desc(sessions.lastSeenAt));

export async function deleteSessionByToken(db: Database, tokenHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
}

/** False when the user has no such session. */
export async function deleteSession(db: Database, userId: string, sessionId: string): Promise<boolean> {
  const rows = await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), eq(sessions.id, sessionId)))
    .returning({ id: sessions.id });
  return rows.length > 0;
}

/** Ends all of a user's sessions but the one that is kept, and says how many those were. */
export async function deleteOtherSessions(db: Database, userId: string, keptId: string): Promise<number> {
  const rows = await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, keptId)))
    .returning({ id: sessions.id });
  return rows.length;
}
