"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { record } from "@/lib/auth/record";
import { userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { isPresetSlug } from "@/lib/gateway/apply-preset";
import { removePreset, writePreset } from "@/lib/gateway/presets";
import { storable } from "@/lib/storable";

const slug = storable(64).refine(isPresetSlug, "Up to 64 letters, digits, dots, dashes and underscores.");

export const savePreset = userAction(
  z.object({ slug, model: storable(256), systemPrompt: storable(60_000), settings: storable(60_000) }),
  async ({ slug, model, systemPrompt, settings }, { accountId, userId }) => {
    const config = { ...readSettings(settings), ...(model.trim() && { model: model.trim() }) };
    await writePreset(accountId, slug, { config, systemPrompt: systemPrompt.trim() ? systemPrompt : null });
    await record(userId, "preset.save", { slug });
    redirect("/settings/presets");
  },
);

export const deletePreset = userAction(z.object({ slug }), async ({ slug }, { accountId, userId }) => {
  if (!(await removePreset(accountId, slug))) throw new AppError("not_found", "There is no such preset any more.");
  await record(userId, "preset.delete", { slug });
  revalidatePath("/settings/presets");
});

function readSettings(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {}
  const message = 'An object in JSON, such as {"temperature": 0.2}.';
  throw new AppError("invalid_request", message, { metadata: { fields: { settings: message } } });
}
