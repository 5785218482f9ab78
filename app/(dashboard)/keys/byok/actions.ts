"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { addByokKey, changeByokKey, isProviderKey, removeByokKey, reorderByokKeys } from "@/lib/keys/byok";
import { noteKey } from "../note-key";

const PAGE = "/keys/byok";
const id = z.uuid("That is not a key.");

export const addByok = userAction(
  z.object({
    provider: z.string().min(1, "Choose a provider.").max(200),
    name: z
      .string()
      .trim()
      .max(200)
      .regex(/^\P{C}*$/u, "Use plain characters."),
    key: z.string().trim().refine(isProviderKey, "The key as the provider gave it: without spaces."),
    use: z.enum(["first", "always", "fallback"]),
  }),
  async ({ provider, name, key, use }, user) => {
    const row = await addByokKey({
      accountId: user.accountId,
      provider,
      key,
      name: name || null,
      isFallback: use === "fallback",
      isRequired: use === "always",
    });
    await noteKey(user, "byok.create", row.id, { provider, use });
    revalidatePath(PAGE);
  },
);

export const setByokDisabled = userAction(z.object({ id, disabled: z.boolean() }), async ({ id, disabled }, user) => {
  if (!(await changeByokKey(user.accountId, id, { disabled }))) throw gone();
  await noteKey(user, disabled ? "byok.disable" : "byok.enable", id);
  revalidatePath(PAGE);
});

export const removeByok = userAction(z.object({ id }), async ({ id }, user) => {
  if (!(await removeByokKey(user.accountId, id))) throw gone();
  await noteKey(user, "byok.delete", id);
  revalidatePath(PAGE);
});

export const reorderByok = userAction(z.object({ ids: z.array(id).max(1_000) }), async ({ ids }, { accountId }) => {
  await reorderByokKeys(accountId, ids);
  revalidatePath(PAGE);
});

const gone = () => new AppError("not_found", "There is no such key any more.");
