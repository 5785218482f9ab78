import { db } from "@/db/client";
import {
  type AuthToken,
  deleteAuthToken,
  findAuthToken,
  insertAuthToken,
  type TokenPurpose,
} from "@/db/queries/auth-tokens";
import { AppError } from "@/lib/errors";
import { hashToken, isToken, newToken } from "./token";

const seconds: Record<TokenPurpose, number> = {
  verify_email: 86_400,
  reset_password: 3_600,
  magic_link: 900,
  operator_setup: 3_600,
  /** From a proof to the session that follows from it. */
  sign_in: 60,
  /** From the password to the code. */
  second_factor: 600,
  link_identity: 600,
  /** From a user's consent to the app's key. */
  authorize_app: 600,
  change_email: 3_600,
};

type About = Partial<Pick<AuthToken, "userId" | "email" | "data">>;

/** Returns the token itself, for a link or a cookie; it cannot be read again. */
export async function issueToken(purpose: TokenPurpose, about: About = {}): Promise<string> {
  const token = newToken();
  await insertAuthToken(db(), { hash: hashToken(token), purpose, ...about }, seconds[purpose]);
  return token;
}

/** What it is about, without using it: opening a link changes nothing, since mail programs open links too. */
export async function peekToken(purpose: TokenPurpose, token: string): Promise<AuthToken | undefined> {
  return isToken(token) ? findAuthToken(db(), purpose, hashToken(token)) : undefined;
}

/**
 * Refuses a link that is of no use before anything costly is done for it: a password's hash takes a core and 19 MiB, and
 * anyone can send a form. @throws AppError `invalid_request`
 */
export async function requireToken(purpose: TokenPurpose, token: string): Promise<void> {
  if (!(await peekToken(purpose, token))) throw deadLink();
}

/** Uses it up. @throws AppError `invalid_request` when it was used, has lapsed, or was never issued for this */
export async function spendToken(purpose: TokenPurpose, token: string): Promise<AuthToken> {
  const found = isToken(token) ? await deleteAuthToken(db(), purpose, hashToken(token)) : undefined;
  if (!found) throw deadLink();
  return found;
}

const deadLink = () => new AppError("invalid_request", "This link is no longer valid. Ask for a new one.");
