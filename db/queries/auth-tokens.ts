import { and, eq, gt, type InferSelectModel, sql } from "drizzle-orm";
import type { Database } from "../client";
import { authTokens } from "../schema";

export type AuthToken = InferSelectModel<typeof authTokens>;
export type TokenPurpose = AuthToken["purpose"];
export type NewAuthToken = Pick<AuthToken, "hash" | "purpose"> & Partial<Pick<AuthToken, "userId" | "email" | "data">>;

export async function insertAuthToken(db: Database, token: NewAuthToken, seconds: number): Promise<void> {
  await db.insert(authTokens).values({ ...token, expiresAt: sql`now() + make_interval(secs => ${seconds})` });
}

const usable = (purpose: TokenPurpose, hash: string) =>
  and(eq(authTokens.hash, hash), eq(authTokens.purpose, purpose), gt(authTokens.expiresAt, sql`now()`));

export async function findAuthToken(db: Database, purpose: TokenPurpose, hash: string): Promise<AuthToken | undefined> {
  const [row] = await db.select().from(authTokens).where(usable(purpose, hash));
  return row;
}

/** Uses it up: of any number who try at once, one gets it. */
export async function deleteAuthToken(
  db: Database,
  purpose: TokenPurpose,
  hash: string,
): Promise<AuthToken | undefined> {
  const [row] = await db.delete(authTokens).where(usable(purpose, hash)).returning();
  return row;
}

/** What has lapsed and is of no more use. */
export async function deleteLapsed(db: Database): Promise<void> {
  await db.execute(sql`delete from auth_tokens where expires_at < now()`);
  await db.execute(sql`delete from sessions where expires_at < now() or last_seen_at < now() - interval '7 days'`);
  await db.execute(sql`delete from attempt_counters where last_at < now() - interval '1 day'`);
}
