"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { db } from "@/db/client";
import { updateNotices } from "@/db/queries/notices";
import { record } from "@/lib/auth/record";
import { userAction } from "@/lib/auth/user-action";
import { dollarsOrNone } from "../../typed-input";

export const saveNotices = userAction(
  z.object({ lowBalance: dollarsOrNone, keyLimits: z.boolean() }),
  async ({ lowBalance, keyLimits }, { accountId, userId }) => {
    await updateNotices(db(), accountId, { lowBalanceNano: lowBalance, tellsKeyLimits: keyLimits });
    await record(userId, "settings.notices", { lowBalanceNano: lowBalance, keyLimits });
    revalidatePath("/settings/notifications");
  },
);
