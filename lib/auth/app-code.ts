import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "@/lib/errors";
import { issueToken, spendToken } from "./one-time-token";

export const CHALLENGE_METHODS = ["S256", "plain"] as const;

/** RFC 7636's form of a challenge and of a verifier. */
export const PKCE_TEXT = /^[A-Za-z0-9._~-]{43,128}$/;

/** How the app will prove that it is the one that asked. */
export type Challenge = { text: string; method: (typeof CHALLENGE_METHODS)[number] };

/** The key that a user lets an app have. */
export type AppGrant = {
  accountId: string;
  /** Who let it; null where a management key did. */
  userId: string | null;
  name: string;
  limitNano: bigint | null;
  reset: "none" | "daily" | "weekly" | "monthly";
  expiresAt: Date | null;
};

/** A code for the app: good once, and for ten minutes. */
export function issueAppCode({ userId, ...grant }: AppGrant, challenge: Challenge | undefined): Promise<string> {
  const data: Record<string, string> = { accountId: grant.accountId, name: grant.name, reset: grant.reset };
  if (grant.limitNano !== null) data.limit = grant.limitNano.toString();
  if (grant.expiresAt) data.expiresAt = grant.expiresAt.toISOString();
  if (challenge) Object.assign(data, { challenge: challenge.text, method: challenge.method });
  return issueToken("authorize_app", { userId, data });
}

/**
 * What the code stands for. It is used up whatever the proof is worth, so that nobody tries twice.
 *
 * @throws AppError `permission_denied` for a code or a verifier that is not the one; `invalid_request` for another method
 *   than the code was asked for with
 */
export async function redeemAppCode(
  code: string,
  proof: { verifier?: string; method?: Challenge["method"] | null },
): Promise<AppGrant> {
  const { userId, data } = await spendToken("authorize_app", code).catch((error: unknown) => {
    if (error instanceof AppError && error.type === "invalid_request") throw refused();
    throw error;
  });
  if (!data) throw refused();
  const { accountId = "", name = "", reset, limit, expiresAt, challenge, method } = data;
  if (challenge !== undefined && proof.method && proof.method !== method)
    throw new AppError("invalid_request", "Invalid code_challenge_method: the code was asked for with another one.");
  if (!isProof(proof.verifier, challenge, method)) throw refused();
  return {
    accountId,
    userId,
    name,
    reset: (reset as AppGrant["reset"]) ?? "none",
    limitNano: limit === undefined ? null : BigInt(limit),
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
  };
}

/** A verifier without a challenge is refused too: the challenge was taken away on the way. */
function isProof(verifier: string | undefined, challenge: string | undefined, method: string | undefined): boolean {
  if (challenge === undefined) return verifier === undefined;
  if (verifier === undefined || !PKCE_TEXT.test(verifier)) return false;
  const given = method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url");
  const [a, b] = [given, challenge].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}

const refused = () => new AppError("permission_denied", "Invalid code or code_verifier, or the code has expired.");
