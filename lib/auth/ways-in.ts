import { db } from "@/db/client";
import { countRecoveryCodes, findAuthenticator } from "@/db/queries/authenticators";
import { deleteIdentity, listIdentities } from "@/db/queries/identities";
import { findUser } from "@/db/queries/users";
import { AppError } from "@/lib/errors";
import { mailWorks } from "@/lib/mail";
import { issueToken } from "./one-time-token";
import { externalProviders, type ProviderId } from "./providers";
import type { SessionUser } from "./session";
import { setShortCookie } from "./short-cookie";

/** How a user can sign in, for his settings. */
export async function findWaysIn(userId: string) {
  const [user, identities, authenticator, recoveryCodes] = await Promise.all([
    findUser(db(), userId),
    listIdentities(db(), userId),
    findAuthenticator(db(), userId),
    countRecoveryCodes(db(), userId),
  ]);
  const known = externalProviders();
  return {
    hasPassword: Boolean(user?.passwordHash),
    hasSecondFactor: Boolean(authenticator?.confirmedAt),
    recoveryCodes,
    providers: known.map(({ id, name }) => {
      const identity = identities.find(({ provider }) => provider === id);
      return { id, name, isConnected: identity !== undefined, email: identity?.email ?? null };
    }),
  };
}

/** Lets the next answer of a provider be connected to this user, in this very session, instead of signing in. */
export async function beginConnecting({ userId, sessionId }: SessionUser): Promise<void> {
  await setShortCookie("link-identity", await issueToken("link_identity", { userId, data: { sessionId } }));
}

/** @throws AppError `conflict` for the only way that the user has of signing in */
export async function disconnect({ userId, emailVerified }: SessionUser, provider: ProviderId): Promise<void> {
  const [user, identities] = await Promise.all([findUser(db(), userId), listIdentities(db(), userId)]);
  const hasOther =
    Boolean(user?.passwordHash) ||
    identities.some((identity) => identity.provider !== provider) ||
    (mailWorks() && emailVerified);
  if (!hasOther) throw new AppError("conflict", "This is your only way to sign in. Set a password first.");
  await deleteIdentity(db(), userId, provider);
}
