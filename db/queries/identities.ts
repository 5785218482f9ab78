import { and, eq } from "drizzle-orm";
import type { Database } from "../client";
import { identities } from "../schema";

export type Identity = typeof identities.$inferSelect;

export async function findIdentity(db: Database, provider: string, subject: string): Promise<Identity | undefined> {
  const [row] = await db
    .select()
    .from(identities)
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  return row;
}

/** False when the identity is someone's already, or the user has another one of that provider. */
export async function insertIdentity(db: Database, identity: typeof identities.$inferInsert): Promise<boolean> {
  const rows = await db
    .insert(identities)
    .values(identity)
    .onConflictDoNothing()
    .returning({ at: identities.createdAt });
  return rows.length > 0;
}

export const listIdentities = (db: Database, userId: string) =>
  db.select().from(identities).where(eq(identities.userId, userId)).orderBy(identities.provider);

export async function deleteIdentity(db: Database, userId: string, provider: string): Promise<void> {
  await db.delete(identities).where(and(eq(identities.userId, userId), eq(identities.provider, provider)));
}
