import { deleteUser } from "@/lib/auth/delete-account";
import type { SessionUser } from "@/lib/auth/session";
import { forgetCustomer } from "@/lib/billing/stripe-customer";
import { forgetAccount } from "@/lib/keys/authenticate";
import { log } from "@/lib/log";

/** Deletes the account of whoever is signed in, here and at Stripe. Requests under way end and are settled as usual. */
export async function closeOwnAccount(user: SessionUser): Promise<void> {
  await deleteUser(user);
  forgetAccount(user.accountId);
  await forgetCustomer(user.accountId).catch((err) =>
    log().error({ err, accountId: user.accountId }, "the customer of a deleted account is still at Stripe"),
  );
}
