import { db } from "@/db/client";
import {
  type ApiKey,
  type ApiKeyChange,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  replaceApiKeySecret,
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
  includeByokInLimit?: boolean;
  allowedModels?: string[] | null;
} & Rates;

/** How much a key may ask for, whatever it costs; null: as much as comes. */
export type Rates = Partial<Pick<ApiKey, "requestsPerMinute" | "tokensPerMinute" | "parallelRequests">>;

/** Makes a key. Its text is in the result and nowhere else: it cannot be shown again. */
export async function mintKey({
  accountId,
  name,
  kind = "inference",
  limit = null,
  reset = "none",
  expiresAt = null,
  includeByokInLimit = false,
  allowedModels = null,
  ...rates
}: NewKey) {
  const key = newApiKey();
  const row = await insertApiKey(db(), {
    accountId,
    name,
    kind,
    reset,
    expiresAt,
    includeByokInLimit,
    allowedModels,
    ...rates,
    limitNano: limit,
    hash: hashApiKey(key),
    label: apiKeyLabel(key),
  });
  return { key, row };
}

export type KeyChange = ApiKeyChange & {
  limit?: Nanos | null;
  reset?: ApiKey["reset"];
  includeByokInLimit?: boolean;
};

/** Acts at once in this process, and within 5 s in every other. Undefined when the account has no such key. */
export async function changeKey(
  accountId: string,
  hash: string,
  { limit, reset, includeByokInLimit, ...change }: KeyChange,
): Promise<ApiKey | undefined> {
  const key = await findApiKey(db(), accountId, hash);
  if (!key) return undefined;
  if (limit !== undefined || reset !== undefined || includeByokInLimit !== undefined)
    await setApiKeyLimit(key.id, { limit, reset, includeByok: includeByokInLimit });
  const changed = await updateApiKey(db(), accountId, hash, change);
  forgetApiKey(hash);
  return changed;
}

const LONGEST_OVERLAP_MS = 30 * 24 * 60 * 60_000;

/**
 * A new secret for the key, shown once; the old one is good for `overlapMs` more, 30 days at most. The key stays one: its
 * limit, its counters and its settings are shared by both, so that a rotation doubles nothing. Undefined when the account
 * has no such key.
 */
export async function rotateKey(accountId: string, hash: string, overlapMs: number) {
  const key = newApiKey();
  const until = new Date(Date.now() + Math.min(Math.max(0, overlapMs), LONGEST_OVERLAP_MS));
  const next = { hash: hashApiKey(key), label: apiKeyLabel(key) };
  if (!(await replaceApiKeySecret(accountId, hash, next, until))) return undefined;
  forgetApiKey(hash);
  const row = await findApiKey(db(), accountId, next.hash);
  return row && { key, row, until };
}

export async function removeKey(accountId: string, hash: string): Promise<boolean> {
  const removed = await deleteApiKey(db(), accountId, hash);
  forgetApiKey(hash);
  return removed;
}
