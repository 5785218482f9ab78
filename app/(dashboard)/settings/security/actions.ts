"use server";

import { revalidatePath } from "next/cache";
import { after } from "next/server";
import { z } from "zod";
import { db } from "@/db/client";
import { deleteOtherSessions, deleteSession } from "@/db/queries/sessions";
import { changePassword } from "@/lib/auth/change-password";
import { clientAddress } from "@/lib/auth/client-address";
import { beginSession } from "@/lib/auth/go-on";
import { requestVerification } from "@/lib/auth/mailed-links";
import { signIn } from "@/lib/auth/next-auth";
import { externalProviders } from "@/lib/auth/providers";
import { record } from "@/lib/auth/record";
import {
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  renewRecoveryCodes,
} from "@/lib/auth/second-factor";
import { requireRecentSignIn } from "@/lib/auth/session";
import { userAction } from "@/lib/auth/user-action";
import { beginConnecting, disconnect } from "@/lib/auth/ways-in";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { requireMail } from "@/lib/mail";

const PAGE = "/settings/security";
const nothing = z.object({});
const provider = z.object({ provider: z.enum(["google", "github", "oidc"]) });

export const setPassword = userAction(
  z.object({ current: z.string().max(2_000).optional(), password: z.string().min(1, "Choose a password.").max(2_000) }),
  async ({ current, password }, user) => {
    const { ticket } = await changePassword(user, current, password);
    await record(user.userId, "user.change_password");
    await beginSession(ticket);
    revalidatePath(PAGE);
  },
);

export const endSession = userAction(z.object({ sessionId: z.uuid() }), async ({ sessionId }, { userId }) => {
  if (!(await deleteSession(db(), userId, sessionId)))
    throw new AppError("not_found", "That session has ended already.");
  await record(userId, "session.end", { sessionId });
  revalidatePath(PAGE);
});

export const endOtherSessions = userAction(nothing, async (_nothing, { userId, sessionId }) => {
  const ended = await deleteOtherSessions(db(), userId, sessionId);
  await record(userId, "session.end_others", { ended });
  revalidatePath(PAGE);
});

export const beginSecondFactor = userAction(nothing, async (_nothing, user) => {
  requireRecentSignIn(user);
  return beginAuthenticator(user);
});

/** Other devices sign in anew, with a code. */
export const confirmSecondFactor = userAction(z.object({ code: z.string().max(20) }), async ({ code }, user) => {
  requireRecentSignIn(user);
  const codes = await confirmAuthenticator(user.userId, code);
  await deleteOtherSessions(db(), user.userId, user.sessionId);
  await record(user.userId, "second_factor.on");
  return { codes };
});

export const turnOffSecondFactor = userAction(nothing, async (_nothing, user) => {
  requireRecentSignIn(user);
  await removeAuthenticator(user.userId);
  await record(user.userId, "second_factor.off");
  revalidatePath(PAGE);
});

export const newRecoveryCodes = userAction(nothing, async (_nothing, user) => {
  requireRecentSignIn(user);
  const codes = await renewRecoveryCodes(user.userId);
  await record(user.userId, "second_factor.renew_codes");
  return { codes };
});

export const connectProvider = userAction(provider, async ({ provider }, user) => {
  requireRecentSignIn(user);
  if (!externalProviders().some(({ id }) => id === provider))
    throw new AppError("not_found", "There is no such way in.");
  await beginConnecting(user);
  await signIn(provider, { redirectTo: PAGE });
});

export const disconnectProvider = userAction(provider, async ({ provider }, user) => {
  requireRecentSignIn(user);
  await disconnect(user, provider);
  await record(user.userId, "identity.disconnect", { provider });
  revalidatePath(PAGE);
});

export const mailVerification = userAction(nothing, async (_nothing, user) => {
  requireMail();
  const send = await requestVerification(user, await clientAddress());
  after(() => send().catch((err) => log().error({ err }, "a mail was not sent")));
});
