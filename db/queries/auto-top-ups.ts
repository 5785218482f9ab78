import { and, desc, eq, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { autoTopUpRuns, autoTopUps, payments } from "../schema";

export type AutoTopUp = typeof autoTopUps.$inferSelect;
export type AutoTopUpRun = typeof autoTopUpRuns.$inferSelect;

export type AutoTopUpValues = Pick<AutoTopUp, "thresholdNano" | "amountMinor" | "dailyCapMinor" | "paymentMethodId">;

export async function findAutoTopUp(db: Database, accountId: string): Promise<AutoTopUp | undefined> {
  const [row] = await db.select().from(autoTopUps).where(eq(autoTopUps.accountId, accountId));
  return row;
}

export async function findLatestAutoTopUpRun(db: Database, accountId: string): Promise<AutoTopUpRun | undefined> {
  const [row] = await db
    .select()
    .from(autoTopUpRuns)
    .where(eq(autoTopUpRuns.accountId, accountId))
    .orderBy(desc(autoTopUpRuns.createdAt))
    .limit(1);
  return row;
}

/** Saving is saying that it shall go on: a pause ends with it. */
export async function saveAutoTopUp(db: Database, accountId: string, values: AutoTopUpValues): Promise<AutoTopUp> {
  const armed = { ...values, enabled: true, pausedReason: null, pausedAt: null, updatedAt: new Date() };
  const [row] = await db
    .insert(autoTopUps)
    .values({ accountId, ...armed })
    .onConflictDoUpdate({ target: autoTopUps.accountId, set: armed })
    .returning();
  if (!row) throw new Error("the auto top-up was not saved");
  return row;
}

export async function disableAutoTopUp(db: Database, accountId: string): Promise<void> {
  await db.update(autoTopUps).set({ enabled: false, updatedAt: new Date() }).where(eq(autoTopUps.accountId, accountId));
}

/** US cents that were bought by themselves, or are being bought, in this UTC day. */
export async function sumBoughtToday(db: Database, accountId: string): Promise<number> {
  const [row] = await db
    .select({ total: sql<string>`coalesce(sum(${payments.expectedAmountMinor}), 0)` })
    .from(payments)
    .where(
      and(
        eq(payments.accountId, accountId),
        eq(payments.kind, "auto"),
        sql`${payments.status} in ('pending', 'paid')`,
        sql`${payments.createdAt} >= window_start('daily', now())`,
      ),
    );
  return Number(row?.total ?? 0);
}

/** A purchase that this process has the lease of. Amounts are US cents. */
export type LeasedRun = {
  runId: string;
  accountId: string;
  paymentId: string;
  paymentMethodId: string;
  customerId: string;
  amountMinor: number;
  feeMinor: number;
  /** This one included. */
  attempts: number;
  createdAt: Date;
  /** False where its user has switched off since, or the account is frozen: the card must not be charged any more. */
  wanted: boolean;
};

/** Begins what is due and takes up what was left behind; one statement, whatever the number of accounts. */
export async function beginAutoTopUps(feeBasisPoints: number, lease: string, most: number): Promise<LeasedRun[]> {
  return moneyStatement<LeasedRun[]>(
    (statement) => statement`
      select run_id as "runId", account_id as "accountId", payment_id as "paymentId", payment_method_id as "paymentMethodId",
             customer_id as "customerId", amount_minor as "amountMinor", fee_minor as "feeMinor", attempts, created_at as "createdAt", wanted
        from auto_top_ups_begin(${feeBasisPoints}, ${lease}, ${most})`,
  );
}

type Decline = { reason: "declined" | "authentication_required" | "unclear"; error: string | null };

/** Ends a purchase without a charge, and pauses the account's further ones. */
export async function declineAutoTopUp(paymentId: string, { reason, error }: Decline): Promise<string> {
  const [row] = await moneyStatement<{ outcome: string }[]>(
    (statement) => statement`select auto_top_up_decline(${paymentId}, ${reason}, ${error}) as outcome`,
  );
  return row?.outcome ?? "unknown";
}
