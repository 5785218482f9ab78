import { asc, eq } from "drizzle-orm";
import type { Database } from "../client";
import { stripeCustomers, users } from "../schema";

export async function findStripeCustomer(db: Database, accountId: string): Promise<string | undefined> {
  const [row] = await db.select().from(stripeCustomers).where(eq(stripeCustomers.accountId, accountId));
  return row?.customerId;
}

/** The account's customer from now on, in place of one that Stripe no longer has. */
export async function setStripeCustomer(db: Database, accountId: string, customerId: string): Promise<void> {
  await db
    .insert(stripeCustomers)
    .values({ accountId, customerId })
    .onConflictDoUpdate({ target: stripeCustomers.accountId, set: { customerId } });
}

/** Whom Stripe writes to: the account's first user. */
export async function findAccountEmail(db: Database, accountId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ email: users.email })
    .from(users)
    .where(eq(users.accountId, accountId))
    .orderBy(asc(users.createdAt))
    .limit(1);
  return row?.email;
}
