import { db } from "@/db/client";
import {
  type ApiKey,
  type ApiKeyChange,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  setApiKeyLimit,
  updateApiKey,
} from "@/db/queries/api-keys";
import type { Nanos } from "@/lib/money";
import { apiKeyLabel, hashApiKey, newApiKey } from "./api-key";
import { forgetApiKey } from "./authenticate";

type NewKey = {
  accountId: string;
  name: string;
  kind?: ApiKey["kind"];
  limit?: Nanos | null;
  reset?: ApiKey["reset"];
  expiresAt?: Date | null;
};

/** Makes a key. Its text is in the result and nowhere else: it cannot be shown again. */
export async function mintKey({
  accountId,
  name,
  kind = "inference",
  limit = null,
  reset = "none",
  expiresAt = null,
}: NewKey) {
  const key = newApiKey();
  const row = await insertApiKey(db(), {
    accountId,
    name,
    kind,
    reset,
    expiresAt,
    limitNano: limit,
    hash: hashApiKey(key),
    label: apiKeyLabel(key),
  });
  return { key, row };
}

export type KeyChange = ApiKeyChange & { limit?: Nanos | null; reset?: ApiKey["reset"] };

/** Acts at once in this process, and within 5 s in every other. Undefined when the account has no such key. */
export async function changeKey(
  accountId: string,
  hash: string,
  { limit, reset, ...change }: KeyChange,
): Promise<ApiKey | undefined> {
  const key = await findApiKey(db(), accountId, hash);
  if (!key) return undefined;
  if (limit !== undefined || reset !== undefined)
    await setApiKeyLimit(key.id, limit === undefined ? key.limitNano : limit, reset ?? key.reset);
  const changed = await updateApiKey(db(), accountId, hash, change);
  forgetApiKey(hash);
  return changed;
}

export async function removeKey(accountId: string, hash: string): Promise<boolean> {
  const removed = await deleteApiKey(db(), accountId, hash);
  forgetApiKey(hash);
  return removed;
}
