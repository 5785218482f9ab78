"use server";

import { redirect } from "next/navigation";
import { after } from "next/server";
import { z } from "zod";
import { db } from "@/db/client";
import { deleteSession } from "@/db/queries/sessions";
import { confirmIdentity } from "@/lib/auth/change-password";
import { clientAddress, networkOf } from "@/lib/auth/client-address";
import { goOn } from "@/lib/auth/go-on";
import { followMagicLink, requestMagicLink, requestReset, resetPassword, verifyAddress } from "@/lib/auth/mailed-links";
import { signOut as clearCookies, signIn } from "@/lib/auth/next-auth";
import { externalProviders } from "@/lib/auth/providers";
import { record } from "@/lib/auth/record";
import { safePath } from "@/lib/auth/safe-path";
import { currentUser } from "@/lib/auth/session";
import { setUpOperator } from "@/lib/auth/setup";
import { readShortCookie } from "@/lib/auth/short-cookie";
import { passSecondFactor, signInByPassword } from "@/lib/auth/sign-in";
import { completeSignUp, requestSignUp, signUpWithoutMail } from "@/lib/auth/sign-up";
import { requireAttempt } from "@/lib/auth/throttle";
import { publicAction, userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { requireMail } from "@/lib/mail";

const email = z.string().min(1, "Enter your e-mail address.").max(320);
const password = z.string().min(1, "Enter your password.").max(2_000);
const newPassword = z.string().min(1, "Choose a password.").max(2_000);
const name = z
  .string()
  .trim()
  .max(100, "Use at most 100 characters.")
  .regex(/^\P{C}*$/u, "Use plain characters.")
  .optional();
const token = z.string().max(100);
const next = z.string().max(2_000).optional();

/** Work for after the answer, so that how long it takes tells nothing. */
const later = (work: () => Promise<void>) =>
  after(() => work().catch((err) => log().error({ err }, "a mail was not sent")));

const signedInAs = async () => (await currentUser())?.userId;

export const signInWithPassword = publicAction(z.object({ email, password, next }), async (given) =>
  goOn(await signInByPassword(given.email, given.password, await clientAddress()), given.next),
);

export const submitCode = publicAction(z.object({ code: z.string().max(60), next }), async ({ code, next }) =>
  goOn(await passSecondFactor((await readShortCookie("second-factor")) ?? "", code), next),
);

export const signInElsewhere = publicAction(z.object({ provider: z.string(), next }), async ({ provider, next }) => {
  if (!externalProviders().some(({ id }) => id === provider))
    throw new AppError("not_found", "There is no such way in.");
  await requireAttempt(["signInFromAddress", networkOf(await clientAddress())]);
  await signIn(provider, { redirectTo: safePath(next) });
});

export const mailMagicLink = publicAction(z.object({ email }), async (given) => {
  requireMail();
  later(await requestMagicLink(given.email, await clientAddress()));
});

export const openMagicLink = publicAction(z.object({ token, next }), async (given) =>
  goOn(await followMagicLink(given.token, await signedInAs()), given.next),
);

export const mailSignUpLink = publicAction(z.object({ email }), async (given) => {
  requireMail();
  later(await requestSignUp(given.email, await clientAddress()));
});

export const finishSignUp = publicAction(z.object({ token, password: newPassword, name }), async (given) =>
  goOn(await completeSignUp(given.token, given), undefined),
);

export const signUp = publicAction(z.object({ email, password: newPassword, name }), async (given) =>
  goOn(await signUpWithoutMail(given.email, given, await clientAddress()), undefined),
);

export const mailResetLink = publicAction(z.object({ email }), async (given) => {
  requireMail();
  later(await requestReset(given.email, await clientAddress()));
});

export const setNewPassword = publicAction(z.object({ token, password: newPassword }), async (given) =>
  goOn(await resetPassword(given.token, given.password, await signedInAs()), undefined),
);

export const confirmAddress = publicAction(z.object({ token }), async (given) => {
  await verifyAddress(given.token, await signedInAs());
});

export const setUp = publicAction(z.object({ token, email, password: newPassword }), async (given) =>
  goOn(await setUpOperator(given.token, given.email, given.password, await clientAddress()), undefined),
);

/** Step-up: by password, or by a code of the authenticator. */
export const confirm = userAction(
  z.object({ password: z.string().max(2_000).optional(), code: z.string().max(60).optional(), next }),
  async ({ next, ...proof }, user) => {
    await confirmIdentity(user, proof);
    redirect(safePath(next));
  },
);

/** Ends the session of this device. */
export const signOut = publicAction(z.object({}), async () => {
  const user = await currentUser();
  if (user) {
    await deleteSession(db(), user.userId, user.sessionId);
    await record(user.userId, "session.end");
  }
  await clearCookies({ redirect: false, redirectTo: "/" });
  redirect("/sign-in");
});
