"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { record } from "@/lib/auth/record";
import { userAction } from "@/lib/auth/user-action";
import { saveRouting } from "@/lib/gateway/account-routing";
import { storable } from "@/lib/storable";

const providers = z.array(storable(100).min(1)).max(500);

export const saveRoutingSettings = userAction(
  z.object({
    defaultModel: storable(256),
    sort: z.enum(["none", "price", "throughput", "latency"]),
    allowFallbacks: z.boolean(),
    mode: z.enum(["ignored", "allowed"]),
    providers,
    denyTraining: z.boolean(),
    zdr: z.boolean(),
  }),
  async ({ defaultModel, sort, allowFallbacks, mode, providers, denyTraining, zdr }, { accountId, userId }) => {
    const routing = {
      ...(defaultModel.trim() && { defaultModel: defaultModel.trim() }),
      ...(sort !== "none" && { sort }),
      ...(!allowFallbacks && { allowFallbacks }),
      ...(providers.length > 0 && { [mode]: providers }),
      ...(denyTraining && { denyTraining }),
      ...(zdr && { zdr }),
    };
    await saveRouting(accountId, routing);
    await record(userId, "settings.routing", routing);
    revalidatePath("/settings/routing");
  },
);
