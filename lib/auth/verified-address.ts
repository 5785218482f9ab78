import { db } from "@/db/client";
import { recordAudit } from "@/db/queries/audit";
import { grantSignUpCredit } from "@/db/queries/sign-up-credit";
import { updateEmailVerified, updateToOperator } from "@/db/queries/users";
import { env } from "@/lib/env";
import { normalizeEmail } from "./email-address";

/**
 * To be called where somebody has shown that he reads the mail of this address, and it is his account's.
 *
 * Where no mail could be sent yet, anybody could make an account with any address. The first to read its mail is its owner,
 * and whoever made it keeps no way in: its password, sessions, identities, authenticator and keys are gone. Unless he is
 * `signedIn` there: then both are one.
 */
export async function markVerified(userId: string, email: string, signedIn = false): Promise<void> {
  const first = await updateEmailVerified(db(), userId, email, signedIn);
  if (first) await grantSignUpCredit(userId);
  if (first?.cleared) {
    const target = { kind: "user", id: userId };
    await recordAudit({ actor: "user", actorId: userId, action: "user.claim_ended", target });
  }
  const { ADMIN_EMAIL } = env();
  if (ADMIN_EMAIL && normalizeEmail(ADMIN_EMAIL) === email) await updateToOperator(db(), email);
}
