"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { userAction } from "@/lib/auth/user-action";
import { redeemCode } from "@/lib/billing/redeem-code";
import { line } from "../typed-input";

export const redeem = userAction(
  z.object({ code: line(100, "Enter the code.") }),
  async ({ code }, { accountId, userId }) => {
    const amount = await redeemCode(accountId, code, { actor: "user", actorId: userId });
    revalidatePath("/", "layout");
    return { amount };
  },
);
