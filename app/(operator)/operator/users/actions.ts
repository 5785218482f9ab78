"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { operatorAction } from "@/lib/auth/user-action";
import { endSessionsOf, freezePerson, grantCredits, setRole, unfreezePerson } from "@/lib/operator/people";
import { line, signedDollars } from "../../../(dashboard)/typed-input";

const PAGE = "/operator/users";
const userId = z.uuid("That is not a user.");
const reason = line(500, "Say why.");
const FRESH = { fresh: true };

export const grant = operatorAction(
  z.object({ userId, amount: signedDollars, reason, reference: z.uuid() }),
  async ({ userId, ...wanted }, operator) => {
    const outcome = await grantCredits(operator, userId, wanted);
    revalidatePath(PAGE, "layout");
    return { outcome };
  },
  FRESH,
);

export const freezeUser = operatorAction(z.object({ userId, reason }), async ({ userId, reason }, operator) => {
  await freezePerson(operator, userId, reason);
  revalidatePath(PAGE, "layout");
});

export const unfreezeUser = operatorAction(
  z.object({ userId, cause: z.enum(["dispute", "reconciliation", "operator"]), source: z.string().min(1).max(500) }),
  async ({ userId, cause, source }, operator) => {
    await unfreezePerson(operator, userId, { reason: cause, source });
    revalidatePath(PAGE, "layout");
  },
  FRESH,
);

export const changeRole = operatorAction(
  z.object({ userId, role: z.enum(["user", "operator"]) }),
  async ({ userId, role }, operator) => {
    await setRole(operator, userId, role);
    revalidatePath(PAGE, "layout");
  },
  FRESH,
);

export const signUserOut = operatorAction(z.object({ userId }), async ({ userId }, operator) => {
  await endSessionsOf(operator, userId);
  revalidatePath(PAGE, "layout");
});
