import { db } from "@/db/client";
import { findUserByEmail } from "@/db/queries/accounts";
import { AppError } from "@/lib/errors";
import { networkOf } from "./client-address";
import { normalizeEmail } from "./email-address";
import { issueToken, peekToken, spendToken } from "./one-time-token";
import { verifyPassword } from "./password";
import { hasSecondFactor, requireCode } from "./second-factor";
import { forgetAttempts, refund, requireAttempt } from "./throttle";

/**
 * How far a visitor has come. A `ticket` is worth a session, once and within a minute; a `challenge` asks for a code
 * first. There is no session that is half signed in.
 */
export type Progress = { ticket: string } | { challenge: string };

/**
 * Signs in by password. A wrong password, an unknown address and a disabled account get one and the same answer, after
 * one and the same work.
 *
 * @throws AppError `authentication`, `rate_limit_exceeded`
 */
export async function signInByPassword(given: string, password: string, address?: string): Promise<Progress> {
  const email = normalizeEmail(given);
  await requireAttempt(
    ["signInFromAddress", networkOf(address)],
    ["signInByAnyone", "all"],
    ["passwordOfAccount", email],
  );
  const user = await findUserByEmail(db(), email);
  const isRight = await verifyPassword(user?.passwordHash, password);
  if (!user || !isRight || user.disabledAt)
    throw new AppError("authentication", "The address or the password is wrong.");
  await Promise.all([forgetAttempts("passwordOfAccount", email), refund("signInFromAddress", networkOf(address))]);
  return passFirstFactor(user.id);
}

/** For whoever has shown, by whichever way, that he is this user. */
export async function passFirstFactor(userId: string): Promise<Progress> {
  if (await hasSecondFactor(userId)) return { challenge: await issueToken("second_factor", { userId }) };
  return { ticket: await issueToken("sign_in", { userId }) };
}

/** For whoever is signed in already, and whose session has to begin anew. */
export async function passSignedIn(userId: string): Promise<{ ticket: string }> {
  return { ticket: await issueToken("sign_in", { userId }) };
}

/** Takes the code that a challenge asked for. A wrong one leaves the challenge as it is. */
export async function passSecondFactor(challenge: string, code: string): Promise<{ ticket: string }> {
  const asked = await peekToken("second_factor", challenge);
  if (!asked?.userId) throw new AppError("authentication", "That took too long. Sign in again.");
  await requireCode(asked.userId, code);
  const { userId } = await spendToken("second_factor", challenge);
  return { ticket: await issueToken("sign_in", { userId }) };
}
