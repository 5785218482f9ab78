import { eq, sql } from "drizzle-orm";
import type { Database } from "../client";
import { accountSettings, type RoutingSettings } from "../schema";

export type AccountSettings = typeof accountSettings.$inferSelect;

/** Undefined where nothing was ever set. */
export async function findAccountSettings(db: Database, accountId: string): Promise<AccountSettings | undefined> {
  const [row] = await db.select().from(accountSettings).where(eq(accountSettings.accountId, accountId));
  return row;
}

export async function updateRouting(db: Database, accountId: string, routing: RoutingSettings): Promise<void> {
  const set = { routing, updatedAt: sql`clock_timestamp()` };
  await db
    .insert(accountSettings)
    .values({ accountId, routing })
    .onConflictDoUpdate({ target: accountSettings.accountId, set });
}
