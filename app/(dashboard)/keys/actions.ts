"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { db } from "@/db/client";
import { type ApiKey, findApiKey } from "@/db/queries/api-keys";
import { requireRecentSignIn } from "@/lib/auth/session";
import { userAction } from "@/lib/auth/user-action";
import { AppError } from "@/lib/errors";
import { changeKey, mintKey, removeKey, rotateKey } from "@/lib/keys/manage";
import { moment, storable } from "@/lib/storable";
import { countOrNone, dollarsOrNone, line } from "../typed-input";
import { noteKey } from "./note-key";

const HOUR_MS = 3_600_000;

const hash = z.string().regex(/^[0-9a-f]{64}$/, "That is not a key.");

const settings = z.object({
  name: line(200, "Give it a name."),
  limit: dollarsOrNone,
  reset: z.enum(["none", "daily", "weekly", "monthly"]),
  expiresAt: moment.nullable(),
  includeByok: z.boolean(),
  allowedModels: z.array(storable(200).min(1)).max(500),
  requestsPerMinute: countOrNone.optional(),
  tokensPerMinute: countOrNone.optional(),
  parallelRequests: countOrNone.optional(),
});

type Settings = z.output<typeof settings>;

/** As the verbs take them. No model chosen means all of them. */
const toVerb = ({ includeByok, allowedModels, expiresAt: _expiresAt, ...settings }: Settings) => ({
  ...settings,
  includeByokInLimit: includeByok,
  allowedModels: allowedModels.length > 0 ? allowedModels : null,
});

export const createKey = userAction(
  settings.extend({ kind: z.enum(["inference", "management"]) }),
  async ({ kind, expiresAt, ...wanted }, user) => {
    // It can make keys, so that a stolen session must not be able to make one.
    if (kind === "management") requireRecentSignIn(user);
    const { key, row } = await mintKey({
      ...toVerb({ ...wanted, expiresAt }),
      kind,
      accountId: user.accountId,
      expiresAt: toCome(expiresAt),
    });
    await noteKey(user, "key.create", row.id, noted(row));
    revalidatePath("/keys", "layout");
    return { key };
  },
);

export const editKey = userAction(settings.extend({ hash }), async ({ hash, expiresAt, ...change }, user) => {
  const row = await changeKey(user.accountId, hash, { ...toVerb({ ...change, expiresAt }), expiresAt });
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

/** A management key's new secret is as much as a new management key. */
export const rotate = userAction(
  z.object({ hash, overlapHours: z.number().int().min(0).max(720) }),
  async ({ hash, overlapHours }, user) => {
    if ((await findApiKey(db(), user.accountId, hash))?.kind === "management") requireRecentSignIn(user);
    const rotated = await rotateKey(user.accountId, hash, overlapHours * HOUR_MS);
    if (!rotated) throw gone();
    await noteKey(user, "key.rotate", rotated.row.id, { until: rotated.until });
    revalidatePath("/keys", "layout");
    return { key: rotated.key, until: rotated.until };
  },
);

export const deleteKey = userAction(z.object({ hash }), async ({ hash }, user) => {
  const row = await findApiKey(db(), user.accountId, hash);
  if (!row || !(await removeKey(user.accountId, hash))) throw gone();
  await noteKey(user, "key.delete", row.id);
  revalidatePath("/keys", "layout");
});

const gone = () => new AppError("not_found", "There is no such key any more.");

function toCome(at: Date | null): Date | null {
  if (at === null || at.getTime() > Date.now()) return at;
  throw new AppError("invalid_request", "Check what you entered.", {
    metadata: { fields: { expiresAt: "That time is over." } },
  });
}

const noted = ({ name, kind, limitNano, reset, expiresAt }: ApiKey) => ({ name, kind, limitNano, reset, expiresAt });
