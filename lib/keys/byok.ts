import { randomUUID } from "node:crypto";
import { db } from "@/db/client";
import {
  type ByokKey,
  type ByokKeyChange,
  deleteByokKey,
  findByokKey,
  findKeyIds,
  insertByokKey,
  updateByokKey,
  updateByokOrder,
} from "@/db/queries/byok-keys";
import { findProviderRow } from "@/db/queries/catalogue";
import { AppError } from "@/lib/errors";
import { seal, unseal } from "@/lib/seal";
import { forgetAccount } from "./authenticate";

const MOST_AN_ACCOUNT = 100;

/** What may be said of a caller's key for a provider. `allowedKeyHashes`: the API keys whose requests may use it. */
export type ByokSettings = {
  name?: string | null;
  isFallback?: boolean;
  isRequired?: boolean;
  isByokOnly?: boolean;
  disabled?: boolean;
  allowedModels?: string[] | null;
  allowedKeyHashes?: string[] | null;
};

type NewByokKey = ByokSettings & { accountId: string; provider: string; key: string };

/** @throws AppError `invalid_request` for a provider that is not in the catalogue, a key that no header can carry, … */
export async function addByokKey({ accountId, provider, key, ...settings }: NewByokKey): Promise<ByokKey> {
  if (!(await findProviderRow(db(), provider)))
    throw new AppError("invalid_request", `There is no provider ${provider}.`);
  const id = randomUUID();
  requireSense(settings);
  const made = { id, accountId, providerSlug: provider, ...sealed(accountId, id, key) };
  const row = await insertByokKey(db(), { ...made, ...(await stored(accountId, settings)) }, MOST_AN_ACCOUNT);
  if (!row) throw new AppError("invalid_request", `An account has at most ${MOST_AN_ACCOUNT} keys for providers.`);
  forgetAccount(accountId);
  return row;
}

/** What is left out stays; null clears. A new `key` overwrites the old one. Undefined when the account has no such key. */
export async function changeByokKey(
  accountId: string,
  id: string,
  { key, ...settings }: ByokSettings & { key?: string },
): Promise<ByokKey | undefined> {
  const current = await findByokKey(db(), accountId, id);
  if (!current) return undefined;
  requireSense({
    isFallback: settings.isFallback ?? current.isFallback,
    isByokOnly: settings.isByokOnly ?? current.isByokOnly,
  });
  const change: ByokKeyChange = {
    ...(await stored(accountId, settings)),
    ...(key !== undefined && { ...sealed(accountId, id, key), lastFailedAt: null, lastFailure: null }),
  };
  const row = await updateByokKey(db(), accountId, id, change);
  forgetAccount(accountId);
  return row;
}

/** The key and its sealed text are gone with the row. */
export async function removeByokKey(accountId: string, id: string): Promise<boolean> {
  const removed = await deleteByokKey(db(), accountId, id);
  forgetAccount(accountId);
  return removed;
}

/** The first is tried first. */
export async function reorderByokKeys(accountId: string, ids: string[]): Promise<void> {
  await updateByokOrder(db(), accountId, ids);
  forgetAccount(accountId);
}

/** The key itself, for the adapter alone. @throws Error when it does not open */
export const openByokKey = (accountId: string, { id, sealed }: { id: string; sealed: string }) =>
  unseal(sealed, owner(accountId, id));

const owner = (accountId: string, id: string) => `byok_keys.${accountId}.${id}`;

function sealed(accountId: string, id: string, key: string) {
  const text = key.trim();
  if (!isProviderKey(text)) throw new AppError("invalid_request", "key must be printable characters without spaces.");
  return { sealedKey: seal(text, owner(accountId, id)), label: providerKeyLabel(text) };
}

/** What a header can carry. */
export const isProviderKey = (text: string) => /^[\x21-\x7e]{1,4096}$/.test(text);

/** `sk-...wxyz`; of a short key nothing is shown. */
const providerKeyLabel = (key: string) => (key.length < 16 ? "..." : `${key.slice(0, 3)}...${key.slice(-4)}`);

function requireSense({ isFallback, isByokOnly }: { isFallback?: boolean; isByokOnly?: boolean }) {
  if (isFallback && isByokOnly)
    throw new AppError("invalid_request", "is_fallback cannot be combined with is_byok_only.");
}

async function stored(accountId: string, { allowedKeyHashes, ...settings }: ByokSettings) {
  if (allowedKeyHashes === undefined) return settings;
  if (allowedKeyHashes === null) return { ...settings, allowedKeyIds: null };
  const ids = await findKeyIds(db(), accountId, allowedKeyHashes);
  const allowedKeyIds = allowedKeyHashes.map((hash) => {
    const id = ids.get(hash);
    if (!id) throw new AppError("invalid_request", `There is no API key ${hash.slice(0, 64)}.`);
    return id;
  });
  return { ...settings, allowedKeyIds };
}
