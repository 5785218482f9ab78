import type { KeyRow, KeyState } from "@/components/keys/key-row";
import { db } from "@/db/client";
import type { ApiKey } from "@/db/queries/api-keys";
import { listKeysOfKind, listLastUses } from "@/db/queries/key-list";
import { sumKeyUsage } from "@/db/queries/key-usage";

/** The account's keys of a kind as their table shows them. */
export async function readKeyRows(
  accountId: string,
  kind: ApiKey["kind"],
  offset: number,
  most: number,
): Promise<KeyRow[]> {
  const keys = await listKeysOfKind(db(), accountId, kind, { offset, most });
  const ids = keys.map(({ id }) => id);
  const [usageOf, lastUses] = await Promise.all([sumKeyUsage(db(), ids), listLastUses(db(), ids)]);
  return keys.map((key) => {
    const usage = usageOf(key.id);
    const window = key.reset === "none" ? "total" : key.reset;
    const spent = usage[window] + (key.includeByokInLimit ? usage.byok[window] : 0n);
    return {
      hash: key.hash,
      name: key.name,
      label: key.label,
      state: stateOf(key, spent),
      disabled: key.disabled,
      limit: key.limitNano,
      reset: key.reset,
      spent,
      usage,
      byok: usage.byok,
      includeByok: key.includeByokInLimit,
      allowedModels: key.allowedModels,
      rates: {
        requestsPerMinute: key.requestsPerMinute,
        tokensPerMinute: key.tokensPerMinute,
        parallelRequests: key.parallelRequests,
      },
      expiresAt: key.expiresAt,
      lastUsedAt: lastUses.get(key.id) ?? null,
      createdAt: key.createdAt,
    };
  });
}

function stateOf({ disabled, expiresAt, limitNano }: ApiKey, spent: bigint): KeyState {
  if (disabled) return "disabled";
  if (expiresAt && expiresAt.getTime() <= Date.now()) return "expired";
  return limitNano !== null && spent >= limitNano ? "limit" : "active";
}
