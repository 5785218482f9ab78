import { db } from "@/db/client";
import { updateProof } from "@/db/queries/sessions";
import { findUser, updatePassword } from "@/db/queries/users";
import { AppError } from "@/lib/errors";
import { mailWorks, sendMail } from "@/lib/mail";
import { changedMail } from "./mails";
import { hashPassword, verifyPassword } from "./password";
import { hasSecondFactor, requireCode } from "./second-factor";
import { requireRecentSignIn, type SessionUser } from "./session";
import { passSignedIn } from "./sign-in";
import { forgetAttempts, requireAttempt } from "./throttle";

/** Sets a password, which ends every session, and returns the ticket for a new one here. */
export async function changePassword(user: SessionUser, current: string | undefined, password: string) {
  const row = await findUser(db(), user.userId);
  if (row?.passwordHash) await requirePassword(user, current ?? "", "current");
  else requireRecentSignIn(user);
  await updatePassword(db(), user.userId, await hashPassword(password));
  if (mailWorks())
    await sendMail(changedMail(user.email, "A new password was set, and every device was signed out.")).catch(() => {});
  return passSignedIn(user.userId);
}

/** Proves once more who is signed in, by his password or by a code: see `recentlySignedIn`. */
export async function confirmIdentity(user: SessionUser, proof: { password?: string; code?: string }): Promise<void> {
  if (proof.code !== undefined && (await hasSecondFactor(user.userId))) await requireCode(user.userId, proof.code);
  else await requirePassword(user, proof.password ?? "", "password");
  await updateProof(db(), user.sessionId);
}

async function requirePassword({ userId, email }: SessionUser, password: string, field: string): Promise<void> {
  await requireAttempt(["passwordOfAccount", email]);
  const user = await findUser(db(), userId);
  const message = "That is not your password.";
  if (!(await verifyPassword(user?.passwordHash, password)))
    throw new AppError("invalid_request", message, { metadata: { fields: { [field]: message } } });
  await forgetAttempts("passwordOfAccount", email);
}
