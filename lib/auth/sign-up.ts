import { db } from "@/db/client";
import { findUserByEmail, insertUser } from "@/db/queries/accounts";
import { updateName } from "@/db/queries/users";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { mailWorks, sendMail } from "@/lib/mail";
import { networkOf } from "./client-address";
import { normalizeEmail } from "./email-address";
import { signUpMail, takenMail } from "./mails";
import { issueToken, requireToken, spendToken } from "./one-time-token";
import { hashPassword } from "./password";
import { type Progress, passFirstFactor } from "./sign-in";
import { requireAttempt } from "./throttle";
import { markVerified } from "./verified-address";

export const signUpIsOpen = () => env().SIGN_UP !== "closed";

/** @throws AppError `permission_denied` */
export function requireOpenSignUp(): void {
  if (!signUpIsOpen()) throw new AppError("permission_denied", "This site takes no new accounts. Ask its operator.");
}

/**
 * Where mail works, an account is made only for who reads the mail of its address: nobody can lay an account ready for
 * somebody else, and an address that is taken looks like one that is not. Returns the work that is left, for after the
 * answer, so that its time tells nothing either.
 */
export async function requestSignUp(given: string, address?: string): Promise<() => Promise<void>> {
  requireOpenSignUp();
  const email = normalizeEmail(given);
  await requireAttempt(["mailFromAddress", networkOf(address)], ["mailToAddress", email]);
  return () => sendSignUpLink(email);
}

export async function sendSignUpLink(email: string): Promise<void> {
  const user = await findUserByEmail(db(), email);
  if (user) return user.disabledAt ? undefined : sendMail(takenMail(email));
  await sendMail(signUpMail(email, await issueToken("verify_email", { email })));
}

type Wishes = { password: string; name?: string };

/** Makes the account that a sign-up link was sent for. */
export async function completeSignUp(token: string, wishes: Wishes): Promise<Progress> {
  requireOpenSignUp();
  await requireToken("verify_email", token);
  // Before the link is used up: a password that is too short costs nothing but another try.
  const passwordHash = await hashPassword(wishes.password);
  const { email, userId } = await spendToken("verify_email", token);
  if (!email || userId) throw new AppError("invalid_request", "This link is for something else.");
  const id = await insertNew({ email, claimed: false }, passwordHash, wishes.name);
  await markVerified(id, email);
  return passFirstFactor(id);
}

/** Where no mail can be sent: the account is made at once, and its address stays unverified. */
export async function signUpWithoutMail(given: string, wishes: Wishes, address?: string): Promise<Progress> {
  requireOpenSignUp();
  if (mailWorks()) throw new AppError("permission_denied", "Sign up by mail.");
  const email = normalizeEmail(given);
  await requireAttempt(["signUpFromAddress", networkOf(address)], ["signInByAnyone", "all"]);
  return passFirstFactor(await insertNew({ email, claimed: true }, await hashPassword(wishes.password), wishes.name));
}

type Whose = { email: string; claimed: boolean };

/** A user of his own account; never an operator. */
async function insertNew(whose: Whose, passwordHash: string, name?: string): Promise<string> {
  const user = await insertUser({ ...whose, passwordHash, role: "user" });
  const message = "There is an account with this address. Sign in instead.";
  if (!user) throw new AppError("conflict", message, { metadata: { fields: { email: message } } });
  if (name) await updateName(db(), user.id, name);
  return user.id;
}
