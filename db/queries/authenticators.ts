import { and, count, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "../client";
import { authenticators, recoveryCodes } from "../schema";

export async function findAuthenticator(db: Database, userId: string) {
  const [row] = await db.select().from(authenticators).where(eq(authenticators.userId, userId));
  return row;
}

/** In place of one that was not confirmed; false when there is a confirmed one. */
export async function insertAuthenticator(db: Database, userId: string, sealedSecret: string): Promise<boolean> {
  const rows = await db
    .insert(authenticators)
    .values({ userId, sealedSecret })
    .onConflictDoUpdate({
      target: authenticators.userId,
      set: { sealedSecret, createdAt: sql`now()` },
      setWhere: isNull(authenticators.confirmedAt),
    })
    .returning({ userId: authenticators.userId });
  return rows.length > 0;
}

/** Takes the code of a time step; false when it, or a later one, was taken before. */
export async function takeStep(db: Database, userId: string, step: number, confirming: boolean): Promise<boolean> {
  const rows = await db
    .update(authenticators)
    .set({ lastStep: step, ...(confirming && { confirmedAt: sql`now()` }) })
    .where(
      and(
        eq(authenticators.userId, userId),
        lt(authenticators.lastStep, step),
        confirming ? isNull(authenticators.confirmedAt) : isNotNull(authenticators.confirmedAt),
      ),
    )
    .returning({ userId: authenticators.userId });
  return rows.length > 0;
}

export async function deleteAuthenticator(db: Database, userId: string): Promise<void> {
  await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await db.delete(authenticators).where(eq(authenticators.userId, userId));
}

export async function replaceRecoveryCodes(db: Database, userId: string, hashes: string[]): Promise<void> {
  await db.execute(sql`
    with gone as (delete from recovery_codes where user_id = ${userId})
    insert into recovery_codes (user_id, hash) select ${userId}, unnest(${sql.param(hashes)}::text[])`);
}

/** Uses a code up; false when the user has no such code. */
export async function takeRecoveryCode(db: Database, userId: string, hash: string): Promise<boolean> {
  const rows = await db
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.hash, hash)))
    .returning({ hash: recoveryCodes.hash });
  return rows.length > 0;
}

export async function countRecoveryCodes(db: Database, userId: string): Promise<number> {
  const [row] = await db.select({ left: count() }).from(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return row?.left ?? 0;
}
