"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { operatorAction } from "@/lib/auth/user-action";
import { changeEndpoint, changeModel } from "@/lib/operator/endpoints";
import { addPrice } from "@/lib/operator/prices";
import { dollarsOrNone } from "../../../(dashboard)/typed-input";
import { perMillion, perMillionOrNone, utcOrNow } from "../../typed-price";

const PAGE = "/operator/models";
const yesNo = z.enum(["yes", "no"]).transform((answer) => answer === "yes");
const id = z.uuid("That is not an endpoint.");

export const setModelEnabled = operatorAction(
  z.object({ slug: z.string().min(1).max(200), enabled: yesNo }),
  async ({ slug, enabled }, operator) => {
    await changeModel(operator, slug, { enabled });
    revalidatePath(PAGE, "layout");
  },
);

export const setEndpointEnabled = operatorAction(
  z.object({ endpointId: id, enabled: yesNo }),
  async ({ endpointId, enabled }, operator) => {
    await changeEndpoint(operator, endpointId, { enabled });
    revalidatePath(PAGE, "layout");
  },
);

export const addPriceAction = operatorAction(
  z.object({
    endpointId: id,
    prompt: perMillion,
    completion: perMillion,
    cacheRead: perMillionOrNone,
    cacheWrite: perMillionOrNone,
    reasoning: perMillionOrNone,
    image: dollarsOrNone,
    request: dollarsOrNone,
    from: utcOrNow,
    tiers: z.enum(["keep", "drop"]),
  }),
  async ({ endpointId, from, tiers, ...said }, operator) => {
    const price = {
      promptPico: said.prompt,
      completionPico: said.completion,
      cacheReadPico: said.cacheRead,
      cacheWritePico: said.cacheWrite,
      reasoningPico: said.reasoning,
      imageNano: said.image ?? 0n,
      requestNano: said.request ?? 0n,
      ...(tiers === "drop" && { tiers: [] }),
    };
    await addPrice(operator, endpointId, price, from);
    revalidatePath(PAGE, "layout");
  },
  { fresh: true },
);
