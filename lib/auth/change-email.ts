import { db } from "@/db/client";
import { findUserByEmail } from "@/db/queries/accounts";
import { updateEmail } from "@/db/queries/users";
import { AppError } from "@/lib/errors";
import { requireMail, sendMail } from "@/lib/mail";
import { networkOf } from "./client-address";
import { normalizeEmail } from "./email-address";
import { changedMail, changeEmailMail, emailTakenMail } from "./mails";
import { issueToken, peekToken, spendToken } from "./one-time-token";
import { requireRecentSignIn, type SessionUser } from "./session";
import { passSignedIn } from "./sign-in";
import { requireAttempt } from "./throttle";
import { markVerified } from "./verified-address";

/**
 * Asks for another address. Returns the sending of the mails, for after the answer: to the new address a link, or that it is
 * taken, which nobody else learns; and a note to the one there is.
 */
export async function requestEmailChange(user: SessionUser, given: string, address?: string) {
  requireMail();
  requireRecentSignIn(user);
  const email = normalizeEmail(given);
  if (email === user.email) throw wrong("That is your address already.");
  await requireAttempt(["mailFromAddress", networkOf(address)], ["mailToAddress", email]);
  return async () => {
    if (await findUserByEmail(db(), email)) return sendMail(emailTakenMail(email, user.email));
    const token = await issueToken("change_email", { userId: user.userId, email });
    await sendMail(changeEmailMail(email, user.email, token));
    await sendMail(
      changedMail(user.email, `Somebody wants to change your address to ${email}. It is not changed yet.`),
    );
  };
}

/** The address that a link would give this user; undefined when it is of no use, or another user's. */
export async function askedEmail(user: SessionUser, token: string): Promise<string | undefined> {
  const asked = await peekToken("change_email", token);
  return asked?.userId === user.userId ? (asked.email ?? undefined) : undefined;
}

/**
 * Follows the link, for whoever is signed in as the user that asked: who only reads the mail cannot be made to hand his
 * address to somebody else's account. Ends every session, and returns the ticket for a new one here.
 */
export async function changeEmail(user: SessionUser, token: string): Promise<{ ticket: string; email: string }> {
  if (!(await askedEmail(user, token))) throw new AppError("invalid_request", "This link is not one of yours.");
  const { email } = await spendToken("change_email", token);
  const isNew = !user.emailVerified;
  if (!email || !(await updateEmail(db(), user.userId, email))) throw wrong("That address belongs to another account.");
  if (isNew) await markVerified(user.userId, email, true);
  await sendMail(changedMail(user.email, `The address of your account is now ${email}.`)).catch(() => {});
  return { ...(await passSignedIn(user.userId)), email };
}

const wrong = (message: string) =>
  new AppError("invalid_request", message, { metadata: { fields: { email: message } } });
