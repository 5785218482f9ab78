import { eq } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { accountFreezes } from "../schema";

export type Freeze = typeof accountFreezes.$inferSelect;
export type FreezeReason = Freeze["reason"];

type Cause = { reason: FreezeReason; source: string };

/** No request is served on a frozen account. Freezing again for the same cause changes nothing: false. */
export async function freezeAccount(accountId: string, { reason, source }: Cause): Promise<boolean> {
  const [row] = await moneyStatement<{ changed: boolean }[]>(
    (statement) => statement`select account_freeze(${accountId}, ${reason}, ${source}) as changed`,
  );
  return row?.changed ?? false;
}

/** Lifts one cause. The account stays frozen while another holds. */
export async function unfreezeAccount(accountId: string, { reason, source }: Cause): Promise<boolean> {
  const [row] = await moneyStatement<{ changed: boolean }[]>(
    (statement) => statement`select account_unfreeze(${accountId}, ${reason}, ${source}) as changed`,
  );
  return row?.changed ?? false;
}

export const listFreezes = (db: Database, accountId: string): Promise<Freeze[]> =>
  db.select().from(accountFreezes).where(eq(accountFreezes.accountId, accountId)).orderBy(accountFreezes.createdAt);
