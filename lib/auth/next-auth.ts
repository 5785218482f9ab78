import { cookies } from "next/headers";
import NextAuth, { type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { db } from "@/db/client";
import { findIdentity } from "@/db/queries/identities";
import { deleteSessionByToken } from "@/db/queries/sessions";
import { derivedSecret } from "@/lib/derived-secret";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { admitPerson } from "./admit-person";
import { spendToken } from "./one-time-token";
import { providerConfigs } from "./providers";
import { record } from "./record";
import { userByToken } from "./session";
import { isHttps, sessionCookie } from "./session-cookie";
import { startSession } from "./start-session";
import { hashToken } from "./token";
import { currentVisitor } from "./visitor";

/**
 * NextAuth speaks with the providers (state, PKCE, nonce, tokens) and keeps the cookie. What the cookie holds is ours:
 * `encode` makes it the bare token of a session row where NextAuth would put a signed text, so there is nothing to forge,
 * and no text that NextAuth signed for another purpose is a session.
 */
function config(): NextAuthConfig {
  return {
    secret: env().AUTH_SECRET ?? derivedSecret(env().APP_SECRET, "nextAuth").toString("hex"),
    trustHost: true,
    basePath: "/api/auth",
    useSecureCookies: isHttps(),
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    session: { strategy: "jwt", maxAge: 30 * 86_400 },
    providers: [ticket(), ...providerConfigs()],
    jwt: {
      encode: async ({ token }) => String(token?.sessionToken),
      decode: async ({ token }) => (token && (await userByToken(token)) ? { sessionToken: token } : null),
    },
    callbacks: {
      signIn: ({ account, profile }) => (account?.provider === "ticket" ? true : admitPerson(account, profile)),
      jwt: async ({ token, user, account }) => {
        if (!account) return token;
        const isOurs = account.provider === "ticket";
        const userId = isOurs
          ? user.id
          : (await findIdentity(db(), account.provider, account.providerAccountId))?.userId;
        return userId ? { sessionToken: await replaceSession(userId, account.provider) } : null;
      },
    },
    logger: {
      error: (error) => log().warn({ err: error.cause ?? error, type: error.name }, "a sign-in failed"),
      warn: () => {},
      debug: () => {},
    },
  };
}

/** The way in for everything that is not a provider: a ticket, which every proof of our own ends in. */
const ticket = () =>
  Credentials({
    id: "ticket",
    credentials: { ticket: {} },
    authorize: async ({ ticket: token }) => {
      const { userId } = await spendToken("sign_in", String(token));
      return userId ? { id: userId } : null;
    },
  });

/** A sign-in never goes on with a session that was there before: its row goes, and a new token comes. */
async function replaceSession(userId: string, by: string): Promise<string> {
  const before = (await cookies()).get(sessionCookie().name)?.value;
  if (before) await deleteSessionByToken(db(), hashToken(before));
  const token = await startSession(userId, await currentVisitor());
  await record(userId, "session.start", { by });
  return token;
}

export const { handlers, signIn, signOut } = NextAuth(config);
