"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { operatorAction } from "@/lib/auth/user-action";
import { checkBooksNow } from "@/lib/billing/reconcile";
import { makeCode, voidCode } from "@/lib/billing/redeem-code";
import { resolveAlert } from "@/lib/operator/alerts";
import { announce, withdraw } from "@/lib/operator/announcements";
import { dollars } from "../../(dashboard)/typed-input";
import { utcOrNow } from "../typed-price";

const id = z.uuid("There is no such thing.");

export const resolveAlertAction = operatorAction(
  z.object({ kind: z.enum(["provider_credential", "unknown_model"]), subject: z.string().min(1).max(300) }),
  async ({ kind, subject }, operator) => {
    await resolveAlert(operator, kind, subject);
    revalidatePath("/operator");
  },
);

export const checkBooksAction = operatorAction(z.object({}), async (_nothing, operator) => {
  const run = await checkBooksNow(operator);
  revalidatePath("/operator/books");
  return run;
});

export const makeCodeAction = operatorAction(
  z.object({
    amount: dollars.refine((nanos) => nanos > 0n, "More than nothing."),
    uses: z.coerce
      .number("A whole number.")
      .int("A whole number.")
      .min(1, "At least one.")
      .max(1_000_000, "At most a million."),
    until: utcOrNow,
    note: z.string().trim().max(200),
  }),
  async ({ amount, uses, until, note }, operator) => {
    const { code } = await makeCode({ amount, uses, expiresAt: until, note: note || null }, operator);
    revalidatePath("/operator/codes");
    return { code };
  },
  { fresh: true },
);

export const voidCodeAction = operatorAction(z.object({ id }), async ({ id }, operator) => {
  await voidCode(id, operator);
  revalidatePath("/operator/codes");
});

export const announceAction = operatorAction(
  z.object({
    text: z.string().trim().min(1, "Say something.").max(500, "At most 500 characters."),
    severity: z.enum(["info", "warning", "critical"]),
    from: utcOrNow,
    until: utcOrNow,
  }),
  async ({ text, severity, from, until }, operator) => {
    await announce(operator, { text, severity, shownFrom: from, shownUntil: until });
    revalidatePath("/", "layout");
  },
);

export const withdrawAction = operatorAction(z.object({ id }), async ({ id }, operator) => {
  await withdraw(operator, id);
  revalidatePath("/", "layout");
});
