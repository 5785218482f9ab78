import { db } from "@/db/client";
import { findAccountEmail, findStripeCustomer, setStripeCustomer } from "@/db/queries/stripe-customers";
import { asking, paymentsEnabled } from "./stripe";

/** The account's customer at Stripe, made when it is first needed. Asking twice at once makes one. */
export async function customerOf(accountId: string): Promise<string> {
  const known = await findStripeCustomer(db(), accountId);
  if (known !== undefined) {
    const customer = await asking("find the customer", (stripe) => stripe.customers.retrieve(known));
    if (!customer.deleted) return known;
  }
  const email = await findAccountEmail(db(), accountId);
  const customer = await asking("make a customer", (stripe) =>
    stripe.customers.create(
      { metadata: { account_id: accountId }, ...(email !== undefined && { email }) },
      { idempotencyKey: `customer_${accountId}_${known ?? "first"}` },
    ),
  );
  await setStripeCustomer(db(), accountId, customer.id);
  return customer.id;
}

/** Stripe writes to the address that the account has now. @throws AppError `service_unavailable` */
export async function renameCustomer(accountId: string, email: string): Promise<void> {
  const known = paymentsEnabled() ? await findStripeCustomer(db(), accountId) : undefined;
  if (known !== undefined) await asking("rename the customer", (stripe) => stripe.customers.update(known, { email }));
}

/** Takes the account's customer and his cards from Stripe; what he paid stays there. @throws AppError `service_unavailable` */
export async function forgetCustomer(accountId: string): Promise<void> {
  const known = paymentsEnabled() ? await findStripeCustomer(db(), accountId) : undefined;
  if (known !== undefined) await asking("delete the customer", (stripe) => stripe.customers.del(known));
}
