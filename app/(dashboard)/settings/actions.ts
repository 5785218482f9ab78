"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { after } from "next/server";
import { z } from "zod";
import { db } from "@/db/client";
import { updateName } from "@/db/queries/users";
import { requestEmailChange } from "@/lib/auth/change-email";
import { clientAddress } from "@/lib/auth/client-address";
import { signOut } from "@/lib/auth/next-auth";
import { record } from "@/lib/auth/record";
import { userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { closeOwnAccount } from "@/lib/gateway/close-account";
import { log } from "@/lib/log";

const email = z.string().min(1, "Enter an e-mail address.").max(320);

export const rename = userAction(
  z.object({
    name: z
      .string()
      .trim()
      .max(100, "Use at most 100 characters.")
      .regex(/^\P{C}*$/u, "Use plain characters."),
  }),
  async ({ name }, { userId }) => {
    await updateName(db(), userId, name || null);
    await record(userId, "user.rename");
    revalidatePath("/settings", "layout");
  },
);

export const askForEmail = userAction(z.object({ email }), async ({ email }, user) => {
  const send = await requestEmailChange(user, email, await clientAddress());
  await record(user.userId, "user.ask_email");
  after(() => send().catch((err) => log().error({ err }, "a mail was not sent")));
});

/** The address is typed once more, so that nobody deletes his account by a slip of the finger. */
export const deleteAccount = userAction(z.object({ confirmation: z.string().max(320) }), async (typed, user) => {
  if (typed.confirmation.trim().toLowerCase() !== user.email) {
    const message = `Type ${user.email}.`;
    throw new AppError("invalid_request", message, { metadata: { fields: { confirmation: message } } });
  }
  await closeOwnAccount(user);
  await record(user.userId, "user.delete");
  await signOut({ redirect: false, redirectTo: "/" });
  redirect("/");
});
