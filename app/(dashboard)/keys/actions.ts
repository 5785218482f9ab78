"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { requireRecentSignIn } from "@/lib/auth/session";
import { userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { changeKey, mintKey, removeKey } from "@/lib/keys/manage";
import { dollarsOrNone, line } from "../typed-input";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "That is not a key.");

const settings = z.object({
  name: line(200, "Give it a name."),
  limit: dollarsOrNone,
  reset: z.enum(["none", "daily", "weekly", "monthly"]),
  expiresAt: z.iso.datetime().nullable(),
});

export const createKeyAction = userAction(
  settings.extend({ kind: z.enum(["inference", "management"]) }),
  async ({ expiresAt, ...wanted }, user) => {
    // It can make keys, so that a stolen session must not be able to make one.
    if (wanted.kind === "management") requireRecentSignIn(user);
    const { key } = await mintKey({ ...wanted, accountId: user.accountId, expiresAt: toCome(expiresAt) });
    revalidatePath("/keys", "layout");
    return { key };
  },
);

export const editKeyAction = userAction(settings.extend({ hash }), async ({ hash, expiresAt, ...change }, user) => {
  const at = expiresAt === null ? null : new Date(expiresAt);
  if (!(await changeKey(user.accountId, hash, { ...change, expiresAt: at }))) throw gone();
  revalidatePath("/keys", "layout");
});

export const setKeyDisabledAction = userAction(
  z.object({ hash, disabled: z.boolean() }),
  async ({ hash, disabled }, { accountId }) => {
    if (!(await changeKey(accountId, hash, { disabled }))) throw gone();
    revalidatePath("/keys", "layout");
  },
);

export const deleteKeyAction = userAction(z.object({ hash }), async ({ hash }, { accountId }) => {
  if (!(await removeKey(accountId, hash))) throw gone();
  revalidatePath("/keys", "layout");
});

const gone = () => new AppError("not_found", "There is no such key any more.");

function toCome(text: string | null): Date | null {
  if (text === null) return null;
  const at = new Date(text);
  if (at.getTime() > Date.now()) return at;
  throw new AppError("invalid_request", "Check what you entered.", {
    metadata: { fields: { expiresAt: "That time is over." } },
  });
}
