import { db } from "@/db/client";
import { insertSession } from "@/db/queries/sessions";
import { AppError } from "@/lib/errors";
import { hashToken, newToken } from "./token";

export type Visitor = { userAgent: string | null; address: string | null };

const MOST_USER_AGENT = 400;

/** Begins a session and returns its token, for the cookie: it cannot be read again. */
export async function startSession(userId: string, { userAgent, address }: Visitor): Promise<string> {
  const token = newToken();
  const id = await insertSession(db(), {
    tokenHash: hashToken(token),
    userId,
    userAgent: userAgent?.slice(0, MOST_USER_AGENT) ?? null,
    address,
  });
  if (!id) throw new AppError("permission_denied", "This account is disabled.");
  return token;
}
