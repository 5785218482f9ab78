"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { operatorAction } from "@/lib/auth/user-action";
import { importPrices } from "@/lib/operator/price-import";

export const importPriceLines = operatorAction(
  z.object({ lines: z.array(z.string().max(200)).min(1, "Choose lines.").max(5_000) }),
  async ({ lines }, operator) => {
    const added = await importPrices(operator, lines);
    revalidatePath("/operator", "layout");
    return { added: added.length };
  },
  { fresh: true },
);
