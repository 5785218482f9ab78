import { createHash } from "node:crypto";
import { db } from "@/db/client";
import { type AttemptLimit, countAttempt, deleteAttempts, refundAttempt } from "@/db/queries/attempt-counters";
import { AppError } from "@/lib/errors";

const QUARTER = 900;
const HOUR = 3_600;

/**
 * What can be tried how often. No pause is longer than its window, so nobody is locked out for good; and who forgets a
 * password, or has it guessed at, gets in by a link in the meantime.
 */
const limits = {
  passwordOfAccount: { free: 5, most: 10, windowSeconds: QUARTER },
  codeOfAccount: { free: 5, most: 10, windowSeconds: QUARTER },
  signInFromAddress: { free: 20, most: 60, windowSeconds: QUARTER },
  signInByAnyone: { free: 600, most: 600, windowSeconds: 60 },
  mailToAddress: { free: 3, most: 6, windowSeconds: HOUR },
  mailFromAddress: { free: 10, most: 30, windowSeconds: HOUR },
  signUpFromAddress: { free: 10, most: 20, windowSeconds: HOUR },
} as const satisfies Record<string, AttemptLimit>;

/** `undefined` where it cannot be told who asks: that limit is not applied. */
export type Attempt = [limit: keyof typeof limits, who: string | undefined];

/** Counts an attempt against each limit. @throws AppError `rate_limit_exceeded`, the same whether or not the account exists */
export async function requireAttempt(...attempts: Attempt[]): Promise<void> {
  for (const [limit, who] of attempts) {
    if (who === undefined) continue;
    const wait = await countAttempt(db(), keyOf(limit, who), limits[limit]);
    if (wait !== undefined) throw tooMany(wait);
  }
}

/** After a success: what came before was a slip of the finger. */
export const forgetAttempts = (limit: keyof typeof limits, who: string) => deleteAttempts(db(), keyOf(limit, who));

/** After a success, for a limit that many share: only what failed counts, and a success does not make up for it. */
export async function refund(limit: keyof typeof limits, who: string | undefined): Promise<void> {
  if (who !== undefined) await refundAttempt(db(), keyOf(limit, who));
}

/** Hashed, since what is tried as an address may be anything, a password too. */
const keyOf = (limit: string, who: string) =>
  `${limit}:${createHash("sha256").update(who).digest("base64url").slice(0, 22)}`;

function tooMany(seconds: number): AppError {
  const time = seconds < 90 ? `${seconds} second${seconds === 1 ? "" : "s"}` : `${Math.ceil(seconds / 60)} minutes`;
  return new AppError("rate_limit_exceeded", `Too many tries. Try again in ${time}.`, { retryAfter: seconds });
}
