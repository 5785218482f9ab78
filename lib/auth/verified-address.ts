import { db } from "@/db/client";
import { grantSignUpCredit } from "@/db/queries/sign-up-credit";
import { updateEmailVerified, updateToOperator } from "@/db/queries/users";
import { env } from "@/lib/env";
import { normalizeEmail } from "./email-address";

/** To be called where somebody has shown that he reads the mail of this address, and it is his account's. */
export async function markVerified(userId: string, email: string): Promise<void> {
  const isNew = await updateEmailVerified(db(), userId, email);
  if (isNew) await grantSignUpCredit(userId);
  const { ADMIN_EMAIL } = env();
  if (ADMIN_EMAIL && normalizeEmail(ADMIN_EMAIL) === email) await updateToOperator(db(), email);
}
