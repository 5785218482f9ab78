import { db } from "@/db/client";
import { findUserByEmail } from "@/db/queries/accounts";
import { recordAudit } from "@/db/queries/audit";
import { findUser, updatePassword } from "@/db/queries/users";
import { AppError } from "@/lib/errors";
import { sendMail } from "@/lib/mail";
import { networkOf } from "./client-address";
import { normalizeEmail } from "./email-address";
import { changedMail, magicLinkMail, resetMail, verifyMail } from "./mails";
import { issueToken, requireToken, spendToken } from "./one-time-token";
import { hashPassword } from "./password";
import { type Progress, passFirstFactor } from "./sign-in";
import { sendSignUpLink, signUpIsOpen } from "./sign-up";
import { forgetAttempts, requireAttempt } from "./throttle";
import { markVerified } from "./verified-address";

/** Checks that a mail may be sent, and returns the sending of it, for after the answer: neither tells who has an account. */
async function mailed(given: string, address: string | undefined, send: (email: string) => Promise<void>) {
  const email = normalizeEmail(given);
  await requireAttempt(["mailFromAddress", networkOf(address)], ["mailToAddress", email]);
  return () => send(email);
}

export const requestReset = (given: string, address?: string) =>
  mailed(given, address, async (email) => {
    const user = await findUserByEmail(db(), email);
    if (!user || user.disabledAt) return;
    await sendMail(resetMail(email, await issueToken("reset_password", { userId: user.id, email })));
  });

/** A link for signing in, or for signing up where there is no such account yet. */
export const requestMagicLink = (given: string, address?: string) =>
  mailed(given, address, async (email) => {
    const user = await findUserByEmail(db(), email);
    if (!user) return signUpIsOpen() ? sendSignUpLink(email) : undefined;
    if (user.disabledAt) return;
    await sendMail(magicLinkMail(email, await issueToken("magic_link", { userId: user.id, email })));
  });

export const requestVerification = ({ userId, email }: { userId: string; email: string }, address?: string) =>
  mailed(email, address, async () => sendMail(verifyMail(email, await issueToken("verify_email", { userId, email }))));

/** The new password ends every session and every other link of the user; the code of a second factor is still asked for. */
export async function resetPassword(token: string, password: string, signedInAs?: string): Promise<Progress> {
  await requireToken("reset_password", token);
  const passwordHash = await hashPassword(password);
  const { userId, email } = await spendMailed("reset_password", token);
  await markVerified(userId, email, signedInAs === userId);
  await updatePassword(db(), userId, passwordHash);
  await recordAudit({
    actor: "user",
    actorId: userId,
    action: "user.reset_password",
    target: { kind: "user", id: userId },
  });
  await forgetAttempts("passwordOfAccount", email);
  await sendMail(changedMail(email, "A new password was set, and every device was signed out.")).catch(() => {});
  return passFirstFactor(userId);
}

export async function followMagicLink(token: string, signedInAs?: string): Promise<Progress> {
  const { userId, email } = await spendMailed("magic_link", token);
  await markVerified(userId, email, signedInAs === userId);
  return passFirstFactor(userId);
}

/** For an account that is there already; `completeSignUp` is for the others. */
export async function verifyAddress(token: string, signedInAs?: string): Promise<void> {
  const { userId, email } = await spendMailed("verify_email", token);
  await markVerified(userId, email, signedInAs === userId);
}

async function spendMailed(purpose: "reset_password" | "magic_link" | "verify_email", token: string) {
  const { userId, email } = await spendToken(purpose, token);
  const user = userId ? await findUser(db(), userId) : undefined;
  if (!userId || !email || !user || user.disabledAt || user.email !== email)
    throw new AppError("invalid_request", "This link is no longer valid. Ask for a new one.");
  return { userId, email };
}
