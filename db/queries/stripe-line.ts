import { and, eq } from "drizzle-orm";
import type { Database } from "../client";
import { disputes, payments, refunds, users } from "../schema";
import type { LedgerRow } from "./ledger";

const paid = { payment: payments, buyer: users.email };

/** What a line with source `stripe` was booked for: a payment, and the refund or the dispute of it. Undefined when it is not the account's. */
export async function findStripeLine(
  db: Database,
  accountId: string,
  { kind, sourceId }: Pick<LedgerRow, "kind" | "sourceId">,
) {
  const own = eq(payments.accountId, accountId);
  if (kind === "topup") {
    const [row] = await db
      .select(paid)
      .from(payments)
      .leftJoin(users, eq(users.id, payments.createdBy))
      .where(and(own, eq(payments.paymentIntentId, sourceId)));
    return row && { ...row, refund: null, dispute: null };
  }
  if (kind === "refund" || kind === "refund_reversed") {
    const [row] = await db
      .select({ ...paid, refund: refunds })
      .from(refunds)
      .innerJoin(payments, eq(payments.id, refunds.paymentId))
      .leftJoin(users, eq(users.id, payments.createdBy))
      .where(and(own, eq(refunds.id, sourceId)));
    return row && { ...row, dispute: null };
  }
  const [row] = await db
    .select({ ...paid, dispute: disputes })
    .from(disputes)
    .innerJoin(payments, eq(payments.id, disputes.paymentId))
    .leftJoin(users, eq(users.id, payments.createdBy))
    .where(and(own, eq(disputes.id, sourceId)));
  return row && { ...row, refund: null };
}
