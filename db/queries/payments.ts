import { and, count, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Database } from "../client";
import { type disputes, payments, type refunds } from "../schema";

export type Payment = typeof payments.$inferSelect;
export type Refund = typeof refunds.$inferSelect;
export type Dispute = typeof disputes.$inferSelect;

/** The account's purchases, newest first, with what of them went back. */
export async function listPayments(
  db: Database,
  accountId: string,
  { offset = 0, limit = 50 }: { offset?: number; limit?: number } = {},
): Promise<PaymentView[]> {
  const rows = await db
    .select({
      payment: payments,
      refundedNano: sql<string>`(select coalesce(sum(booked_nano - reversed_nano), 0) from refunds where payment_id = payments.id)`,
      disputedNano: sql<string>`(select coalesce(sum(booked_nano - reinstated_nano), 0) from disputes where payment_id = payments.id)`,
    })
    .from(payments)
    .where(eq(payments.accountId, accountId))
    .orderBy(desc(payments.createdAt))
    .limit(limit)
    .offset(offset);
  return rows.map(({ payment, refundedNano, disputedNano }) => ({
    ...payment,
    refundedNano: BigInt(refundedNano),
    disputedNano: BigInt(disputedNano),
  }));
}

/** `refundedNano` and `disputedNano`: what was taken back from the balance for it, in nano-USD. */
export type PaymentView = Payment & { refundedNano: bigint; disputedNano: bigint };

export async function countPayments(db: Database, accountId: string): Promise<number> {
  const [row] = await db.select({ count: count() }).from(payments).where(eq(payments.accountId, accountId));
  return row?.count ?? 0;
}

export async function findPayment(db: Database, id: string): Promise<Payment | undefined> {
  const [row] = await db.select().from(payments).where(eq(payments.id, id));
  return row;
}

/** The payment of a checkout, for its owner and for nobody else. */
export async function findPaymentBySession(
  db: Database,
  accountId: string,
  sessionId: string,
): Promise<Payment | undefined> {
  const [row] = await db
    .select()
    .from(payments)
    .where(and(eq(payments.accountId, accountId), eq(payments.checkoutSessionId, sessionId)));
  return row;
}

/** Checkouts that the account began since then and did not finish. */
export async function countPendingPayments(db: Database, accountId: string, since: Date): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(payments)
    .where(and(eq(payments.accountId, accountId), eq(payments.status, "pending"), gt(payments.createdAt, since)));
  return row?.count ?? 0;
}

type NewPayment = {
  accountId: string;
  expectedAmountMinor: number;
  feeMinor: number;
  customerId: string;
  createdBy: string | null;
};

export async function insertPayment(db: Database, values: NewPayment): Promise<string> {
  const [row] = await db.insert(payments).values(values).returning({ id: payments.id });
  if (!row) throw new Error("a payment was not written");
  return row.id;
}

export async function updatePaymentSession(db: Database, id: string, checkoutSessionId: string): Promise<void> {
  await db.update(payments).set({ checkoutSessionId }).where(eq(payments.id, id));
}

/** A checkout that never came to be: nobody has its address, so nobody can pay it. */
export async function giveUpUnstartedPayment(db: Database, id: string): Promise<void> {
  await db
    .update(payments)
    .set({ status: "failed", resolvedAt: new Date() })
    .where(and(eq(payments.id, id), eq(payments.status, "pending"), isNull(payments.checkoutSessionId)));
}

export async function updatePaymentReceipt(
  db: Database,
  id: string,
  urls: { receiptUrl: string | null; invoiceUrl: string | null },
): Promise<void> {
  await db.update(payments).set(urls).where(eq(payments.id, id));
}

/** Paid since then, and no receipt is known. */
export const listPaymentsWithoutReceipt = (db: Database, since: Date, limit: number): Promise<Payment[]> =>
  db
    .select()
    .from(payments)
    .where(and(eq(payments.status, "paid"), isNull(payments.receiptUrl), gt(payments.resolvedAt, since)))
    .limit(limit);

/** What payments, refunds and disputes say was booked and the ledger does not have so, or the other way round. */
export async function findPaymentDrift(db: Database) {
  const [money, freezes] = await Promise.all([
    db.execute(sql`select * from payment_drift limit 100`),
    db.execute(sql`select * from freeze_drift limit 100`),
  ]);
  return { payments: [...money], freezes: [...freezes] };
}

/** What Stripe reported and was not credited or booked, because it does not fit: for the operator to look at. */
export async function listRefusals(db: Database, limit = 100) {
  const rows = await db.execute<{ kind: string; id: string; account_id: string | null; refusal: string; at: Date }>(sql`
    select 'payment' as kind, id::text, account_id, refusal, created_at as at from payments where refusal is not null
    union all
    select 'refund', r.id, p.account_id, r.refusal, r.created_at from refunds r left join payments p on p.id = r.payment_id where r.refusal is not null
    union all
    select 'dispute', d.id, p.account_id, d.refusal, d.created_at from disputes d left join payments p on p.id = d.payment_id where d.refusal is not null
    order by at desc limit ${limit}`);
  return [...rows];
}
