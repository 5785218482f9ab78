"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { operatorAction } from "@/lib/auth/user-action";
import { tryProvider } from "@/lib/gateway/try-provider";
import { forgetCatalogue } from "@/lib/models/catalogue";
import { addProvider, changeProvider, connectProvider } from "@/lib/operator/providers";
import { line } from "../../../(dashboard)/typed-input";

const PAGE = "/operator/providers";
const FRESH = { fresh: true };
const slug = z.string().trim().min(1, "Give it a slug.").max(64);
const baseUrl = z
  .string()
  .trim()
  .max(500)
  .transform((text) => text || null);
const apiKey = z.string().trim().min(1, "The key that goes to this address.").max(4_096);
const yesNo = z.enum(["yes", "no"]).transform((answer) => answer === "yes");
const known = z.enum(["yes", "no", "unknown"]).transform((answer) => (answer === "unknown" ? null : answer === "yes"));

export const addProviderAction = operatorAction(
  z.object({
    slug,
    name: line(100, "Give it a name."),
    kind: z.enum(["openai", "anthropic", "google"]),
    baseUrl,
    apiKey,
  }),
  async (provider, operator) => {
    await addProvider(operator, provider);
    revalidatePath(PAGE, "layout");
    redirect(`${PAGE}/${provider.slug}`);
  },
  FRESH,
);

export const connectProviderAction = operatorAction(
  z.object({ slug, baseUrl, apiKey }),
  async ({ slug, ...connection }, operator) => {
    await connectProvider(operator, slug, connection);
    forgetCatalogue();
    revalidatePath(PAGE, "layout");
  },
  FRESH,
);

export const setProviderEnabled = operatorAction(
  z.object({ slug, enabled: yesNo }),
  async ({ slug, enabled }, operator) => {
    await changeProvider(operator, slug, { enabled });
    revalidatePath(PAGE, "layout");
  },
);

export const setDataPolicy = operatorAction(
  z.object({ slug, trains: known, retains: known }),
  async ({ slug, trains, retains }, operator) => {
    await changeProvider(operator, slug, { trainsOnPrompts: trains, retainsPrompts: retains });
    revalidatePath(PAGE, "layout");
  },
);

export const testProvider = operatorAction(z.object({ slug }), ({ slug }, operator) => tryProvider(operator, slug));
