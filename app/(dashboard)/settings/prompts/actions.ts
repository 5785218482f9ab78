"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { db } from "@/db/client";
import { deletePromptLogs } from "@/db/queries/prompt-logs";
import { record } from "@/lib/auth/record";
import { userAction } from "@/lib/auth/user-action";
import { setLogsPrompts } from "@/lib/gateway/prompt-log";
import { storable } from "@/lib/storable";

export const setPromptLog = userAction(z.object({ on: z.boolean() }), async ({ on }, { accountId, userId }) => {
  await setLogsPrompts(accountId, on);
  await record(userId, "settings.prompts", { on });
  revalidatePath("/settings/prompts");
});

/** All of them, or that of one request. */
export const deletePrompts = userAction(
  z.object({ generation: storable(64).optional() }),
  async ({ generation }, { accountId, userId }) => {
    const deleted = await deletePromptLogs(db(), accountId, generation);
    await record(userId, "prompts.delete", { deleted });
    revalidatePath(generation ? `/activity/${generation}` : "/settings/prompts");
    return { deleted };
  },
);
