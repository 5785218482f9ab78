import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { db } from "@/db/client";
import { Operator } from "@/db/operator";
import { findLiveSession, updateLastSeen } from "@/db/queries/sessions";
import { AppError } from "@/lib/errors";
import { clientAddress } from "./client-address";
import { sessionCookie } from "./session-cookie";
import { hashToken, isToken } from "./token";

/** Who is signed in, as the database has it at this request. */
export type SessionUser = {
  userId: string;
  /** Every read of a page is scoped by it. */
  accountId: string;
  email: string;
  name: string | null;
  role: "user" | "operator";
  sessionId: string;
  /** When he last proved who he is. */
  signedInAt: Date;
  emailVerified: boolean;
};

/** Looked up once a request. The cookie is a name for a row and nothing more: without its row it is nobody's. */
export const currentUser = cache(async (): Promise<SessionUser | undefined> => {
  const token = (await cookies()).get(sessionCookie().name)?.value;
  return token === undefined ? undefined : userByToken(token);
});

export async function userByToken(token: string): Promise<SessionUser | undefined> {
  if (!isToken(token)) return undefined;
  const session = await findLiveSession(db(), hashToken(token));
  if (!session) return undefined;
  const { provedAt, emailVerifiedAt, isStale, ...user } = session;
  if (isStale) await updateLastSeen(db(), user.sessionId);
  return { ...user, signedInAt: provedAt, emailVerified: emailVerifiedAt !== null };
}

/** Sends a visitor who is not signed in to the sign-in page, and from there back. */
export async function requireUser(): Promise<SessionUser> {
  const user = await currentUser();
  if (user) return user;
  const path = (await headers()).get("x-path");
  redirect(path ? `/sign-in?next=${encodeURIComponent(path)}` : "/sign-in");
}

/** To anyone but an operator, his pages are not there. */
export async function requireOperator(): Promise<Operator> {
  return (await operatorOf(await requireUser())) ?? notFound();
}

/** Undefined when the user is none. */
export const operatorOf = async (user: SessionUser): Promise<Operator | undefined> =>
  Operator.ofSession(user, (await clientAddress()) ?? null);

const RECENT_MS = 10 * 60_000;

/** Whether the user proved who he is in the last ten minutes: needed for what a stolen session must not be able to do. */
export const recentlySignedIn = ({ signedInAt }: SessionUser) => Date.now() - signedInAt.getTime() < RECENT_MS;

/** @throws AppError `authentication` with `confirm` in its metadata, which an action passes on to its form */
export function requireRecentSignIn(user: SessionUser): void {
  if (recentlySignedIn(user)) return;
  throw new AppError("authentication", "Confirm that it is you, then try again.", { metadata: { confirm: true } });
}
