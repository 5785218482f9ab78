import { desc, eq, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { redemptionCodes } from "../schema";
import { type Actor, actorJson } from "./audit";

export type RedemptionCode = typeof redemptionCodes.$inferSelect;

export async function insertRedemptionCode(
  db: Database,
  code: typeof redemptionCodes.$inferInsert,
): Promise<RedemptionCode> {
  const [row] = await db.insert(redemptionCodes).values(code).returning();
  if (!row) throw new Error("the new code was not returned");
  return row;
}

export const listRedemptionCodes = (db: Database): Promise<RedemptionCode[]> =>
  db.select().from(redemptionCodes).orderBy(desc(redemptionCodes.createdAt));

/** Returns the code as it is now, or undefined when there is none of that id. */
export async function disableRedemptionCode(db: Database, id: string): Promise<RedemptionCode | undefined> {
  const [row] = await db
    .update(redemptionCodes)
    .set({ disabledAt: sql`coalesce(disabled_at, now())` })
    .where(eq(redemptionCodes.id, id))
    .returning();
  return row;
}

export type Redemption = { outcome: "ok" | "already" | "refused" | "throttled"; amount: bigint };

/** See `code_redeem`. */
export async function redeemHashedCode(accountId: string, hash: string, actor: Actor): Promise<Redemption> {
  const [row] = await moneyStatement<{ outcome: Redemption["outcome"]; amount_nano: string }[]>(
    (statement) => statement`select * from code_redeem(${accountId}, ${hash}, ${actorJson(actor)}::text::jsonb)`,
  );
  return { outcome: row?.outcome ?? "refused", amount: BigInt(row?.amount_nano ?? 0) };
}
