"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { readCents } from "@/components/credits/cents";
import { userAction } from "@/lib/auth/user-action";
import { setAutoTopUp, switchOffAutoTopUp } from "@/lib/billing/auto-top-up-settings";
import { startCheckout } from "@/lib/billing/checkout";
import { openBillingPortal } from "@/lib/billing/saved-cards";
import { publicOrigin } from "../../(site)/origin";

const cents = z
  .string()
  .transform((text) => readCents(text))
  .refine((amount) => amount !== undefined, "A dollar amount such as 12.50, in whole cents.");

export const buyCredits = userAction(
  z.object({ amount: cents, saveCard: z.boolean() }),
  async ({ amount, saveCard }, { accountId, userId }) => {
    const origin = await publicOrigin();
    const { url } = await startCheckout({ accountId, userId, amountMinor: amount, saveCard, origin });
    return { url };
  },
);

export const saveAutoTopUp = userAction(
  z.object({ threshold: z.string().max(30), amount: cents, dailyCap: cents, cardId: z.string().max(200) }),
  async ({ threshold, amount, dailyCap, cardId }, { accountId }) => {
    await setAutoTopUp(accountId, {
      threshold: threshold.trim().replace(/^\$\s*/, ""),
      amountMinor: amount,
      dailyCapMinor: dailyCap,
      paymentMethodId: cardId,
    });
    revalidatePath("/credits", "layout");
  },
);

export const stopAutoTopUp = userAction(z.object({}), async (_nothing, { accountId }) => {
  await switchOffAutoTopUp(accountId);
  revalidatePath("/credits", "layout");
});

export const openPortal = userAction(z.object({}), async (_nothing, { accountId }) => ({
  url: await openBillingPortal(accountId, await publicOrigin()),
}));
