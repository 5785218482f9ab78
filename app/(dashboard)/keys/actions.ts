"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { db } from "@/db/client";
import { type ApiKey, findApiKey } from "@/db/queries/api-keys";
import { requireRecentSignIn } from "@/lib/auth/session";
import { userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { changeKey, mintKey, removeKey } from "@/lib/keys/manage";
import { dollarsOrNone, line } from "../typed-input";
import { noteKey } from "./note-key";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "That is not a key.");

const settings = z.object({
  name: line(200, "Give it a name."),
  limit: dollarsOrNone,
  reset: z.enum(["none", "daily", "weekly", "monthly"]),
  expiresAt: z.iso.datetime().nullable(),
});

export const createKey = userAction(
  settings.extend({ kind: z.enum(["inference", "management"]) }),
  async ({ expiresAt, ...wanted }, user) => {
    // It can make keys, so that a stolen session must not be able to make one.
    if (wanted.kind === "management") requireRecentSignIn(user);
    const { key, row } = await mintKey({ ...wanted, accountId: user.accountId, expiresAt: toCome(expiresAt) });
    await noteKey(user, "key.create", row.id, noted(row));
    revalidatePath("/keys", "layout");
    return { key };
  },
);

export const editKey = userAction(settings.extend({ hash }), async ({ hash, expiresAt, ...change }, user) => {
  const at = expiresAt === null ? null : new Date(expiresAt);
  const row = await changeKey(user.accountId, hash, { ...change, expiresAt: at });
  if (!row) throw gone();
  await noteKey(user, "key.change", row.id, noted(row));
  revalidatePath("/keys", "layout");
});

export const setKeyDisabled = userAction(
  z.object({ hash, disabled: z.boolean() }),
  async ({ hash, disabled }, user) => {
    const row = await changeKey(user.accountId, hash, { disabled });
    if (!row) throw gone();
    await noteKey(user, disabled ? "key.disable" : "key.enable", row.id);
    revalidatePath("/keys", "layout");
  },
);

export const deleteKey = userAction(z.object({ hash }), async ({ hash }, user) => {
  const row = await findApiKey(db(), user.accountId, hash);
  if (!row || !(await removeKey(user.accountId, hash))) throw gone();
  await noteKey(user, "key.delete", row.id);
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

const noted = ({ name, kind, limitNano, reset, expiresAt }: ApiKey) => ({ name, kind, limitNano, reset, expiresAt });
