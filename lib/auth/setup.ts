import { db } from "@/db/client";
import { recordAudit } from "@/db/queries/audit";
import { findOperator, insertFirstOperator, updateToOperator } from "@/db/queries/users";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { networkOf } from "./client-address";
import { normalizeEmail } from "./email-address";
import { issueToken, peekToken } from "./one-time-token";
import { hashPassword } from "./password";
import { type Progress, passFirstFactor } from "./sign-in";
import { requireAttempt } from "./throttle";
import { hashToken } from "./token";

/** At each start: the operator whom the settings name, and while there is none, a link on the terminal for the first. */
export async function announceSetup(say: (line: string) => void): Promise<void> {
  const { ADMIN_EMAIL } = env();
  if (ADMIN_EMAIL) await updateToOperator(db(), normalizeEmail(ADMIN_EMAIL));
  const link = await setupLink();
  if (link) say(`There is no operator yet. Whoever opens this link within an hour becomes the first: ${link}`);
}

/** A link that makes the first operator, once and within an hour; undefined when there is one. */
export async function setupLink(): Promise<string | undefined> {
  if (await findOperator(db())) return undefined;
  const { APP_URL, HOST, PORT } = env();
  const base = APP_URL ?? `http://${HOST ?? "127.0.0.1"}:${PORT ?? 3000}`;
  return new URL(`/setup?token=${await issueToken("operator_setup")}`, base).href;
}

export async function setUpOperator(
  token: string,
  given: string,
  password: string,
  address?: string,
): Promise<Progress> {
  const email = normalizeEmail(given);
  await requireAttempt(["signUpFromAddress", networkOf(address)]);
  const isOpen = await peekToken("operator_setup", token);
  const id = isOpen && (await insertFirst(hashToken(token), email, await hashPassword(password)));
  if (!id)
    throw new AppError("invalid_request", "This link is no longer valid. A start of the server prints a new one.");
  await recordAudit({
    actor: "user",
    actorId: id,
    address,
    action: "user.set_up_operator",
    target: { kind: "user", id },
  });
  return passFirstFactor(id);
}

async function insertFirst(tokenHash: string, email: string, passwordHash: string): Promise<string | undefined> {
  try {
    return await insertFirstOperator(db(), tokenHash, email, passwordHash);
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code !== "23505") throw error;
    const message = "There is an account with this address already. Give another.";
    throw new AppError("conflict", message, { metadata: { fields: { email: message } } });
  }
}
