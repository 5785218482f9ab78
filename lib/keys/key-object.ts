import type { ApiKey } from "@/db/queries/api-keys";
import type { KeyUsage } from "@/db/queries/key-usage";
import { usdNumber } from "@/lib/money";

/** A key as OpenRouter's management API shows it. Amounts are US dollars. */
export function toKeyObject(key: ApiKey, usage: KeyUsage) {
  const window = key.reset === "none" ? "total" : key.reset;
  const spent = usage[window] + (key.includeByokInLimit ? usage.byok[window] : 0n);
  const left = key.limitNano === null ? null : key.limitNano - spent;
  return {
    hash: key.hash,
    name: key.name,
    label: key.label,
    disabled: key.disabled,
    limit: key.limitNano === null ? null : usdNumber(key.limitNano),
    limit_remaining: left === null ? null : usdNumber(left > 0n ? left : 0n),
    limit_reset: key.reset === "none" ? null : key.reset,
    include_byok_in_limit: key.includeByokInLimit,
    usage: usdNumber(usage.total),
    usage_daily: usdNumber(usage.daily),
    usage_weekly: usdNumber(usage.weekly),
    usage_monthly: usdNumber(usage.monthly),
    byok_usage: usdNumber(usage.byok.total),
    byok_usage_daily: usdNumber(usage.byok.daily),
    byok_usage_weekly: usdNumber(usage.byok.weekly),
    byok_usage_monthly: usdNumber(usage.byok.monthly),
    /** Ours: slugs of the models it may call, or null for all. */
    allowed_models: key.allowedModels,
    created_at: key.createdAt.toISOString(),
    updated_at: key.updatedAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
    creator_user_id: null,
    external_user: null,
    workspace_id: key.accountId,
  };
}
