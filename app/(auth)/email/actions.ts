"use server";

import { redirect } from "next/navigation";
import { after } from "next/server";
import { z } from "zod";
import { changeEmail } from "@/lib/auth/change-email";
import { beginSession } from "@/lib/auth/go-on";
import { record } from "@/lib/auth/record";
import { userAction } from "@/lib/auth/user-action";
import { renameCustomer } from "@/lib/billing/stripe-customer";
import { log } from "@/lib/log";

export const takeNewEmail = userAction(z.object({ token: z.string().max(100) }), async ({ token }, user) => {
  const { ticket, email } = await changeEmail(user, token);
  await record(user.userId, "user.change_email");
  await beginSession(ticket);
  after(() =>
    renameCustomer(user.accountId, email).catch((err) => log().error({ err }, "Stripe has an old address of a user")),
  );
  redirect("/settings");
});
