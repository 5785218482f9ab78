import type { ApiKey } from "@/db/queries/api-keys";
import type { KeyUsage } from "@/db/queries/key-usage";
import { usdNumber } from "@/lib/money";

/** A key as OpenRouter's management API shows it. Amounts are US dollars. */
export function toKeyObject(key: ApiKey, usage: KeyUsage) {
  const spent = usage[key.reset === "none" ? "total" : key.reset];
  const left = key.limitNano === null ? null : key.limitNano - spent;
  return {
    hash: key.hash,
    name: key.name,
    label: key.label,
    disabled: key.disabled,
    limit: key.limitNano === null ? null : usdNumber(key.limitNano),
    limit_remaining: left === null ? null : usdNumber(left > 0n ? left : 0n),
    limit_reset: key.reset === "none" ? null : key.reset,
    include_byok_in_limit: false,
    usage: usdNumber(usage.total),
    usage_daily: usdNumber(usage.daily),
    usage_weekly: usdNumber(usage.weekly),
    usage_monthly: usdNumber(usage.monthly),
    byok_usage: 0,
    byok_usage_daily: 0,
    byok_usage_weekly: 0,
    byok_usage_monthly: 0,
    created_at: key.createdAt.toISOString(),
    updated_at: key.updatedAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
    creator_user_id: null,
    external_user: null,
    workspace_id: key.accountId,
  };
}
