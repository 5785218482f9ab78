import { z } from "zod";
import type { ApiKey } from "@/db/queries/api-keys";
import type { KeyUsage } from "@/db/queries/key-usage";
import { usdNumber } from "@/lib/money";

const dollars = z.number().describe("US dollars");

const shownKey = {
  label: z.string().describe("What may be shown of it: `sk-or-v1-abc...xyz`"),
  limit: dollars.nullable(),
  limit_remaining: dollars.nullable(),
  limit_reset: z.enum(["daily", "weekly", "monthly"]).nullable(),
  include_byok_in_limit: z.boolean(),
  usage: dollars,
  usage_daily: dollars,
  usage_weekly: dollars,
  usage_monthly: dollars,
  byok_usage: dollars.describe("What your own providers charged for it, in US dollars"),
  byok_usage_daily: dollars,
  byok_usage_weekly: dollars,
  byok_usage_monthly: dollars,
  allowed_models: z.array(z.string()).nullable().describe("Slugs of the models it may call; null for all"),
  rate_limits: z
    .object({
      requests_per_minute: z.int().nullable(),
      tokens_per_minute: z.int().nullable(),
      parallel_requests: z.int().nullable(),
    })
    .describe("How much it may ask for, whatever it costs; null for as much as comes"),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable(),
  creator_user_id: z.string().nullable(),
  workspace_id: z.string(),
};

export const keyObject = z
  .object({
    hash: z.string().describe("SHA-256 of the key, in lower-case hexadecimal: its id here"),
    name: z.string(),
    disabled: z.boolean(),
    ...shownKey,
    external_user: z.string().nullable(),
  })
  .meta({ id: "Key" });

export const currentKeyObject = z
  .object({
    ...shownKey,
    is_free_tier: z.boolean(),
    is_management_key: z.boolean(),
    is_provisioning_key: z.boolean().meta({ deprecated: true }),
    rate_limit: z.object({ requests: z.int(), interval: z.string(), note: z.string() }).meta({ deprecated: true }),
    allowed_data_regions: z.array(z.enum(["global", "europe", "us"])),
    free_model_daily_requests: z.object({ limit: z.int(), remaining: z.int(), used: z.int() }),
    organization_id: z.string().nullable(),
  })
  .meta({ id: "CurrentKey" });

/** A key as it sees itself. Its `rate_limit` says nothing, as OpenRouter's does: `rate_limits` are what it has. */
export function toCurrentKeyObject(
  key: ApiKey,
  usage: KeyUsage,
  isFreeTier: boolean,
  freeToday: z.infer<typeof currentKeyObject>["free_model_daily_requests"],
): z.infer<typeof currentKeyObject> {
  const { hash: _hash, name: _name, disabled: _disabled, external_user: _user, ...shown } = toKeyObject(key, usage);
  const isManagement = key.kind === "management";
  return {
    ...shown,
    is_free_tier: isFreeTier,
    is_management_key: isManagement,
    is_provisioning_key: isManagement,
    rate_limit: { requests: -1, interval: "10s", note: "This field is deprecated and safe to ignore." },
    allowed_data_regions: ["global"],
    free_model_daily_requests: freeToday,
    organization_id: null,
  };
}

/** A key as OpenRouter's management API shows it. Amounts are US dollars. */
export function toKeyObject(key: ApiKey, usage: KeyUsage): z.infer<typeof keyObject> {
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
    allowed_models: key.allowedModels,
    rate_limits: {
      requests_per_minute: key.requestsPerMinute,
      tokens_per_minute: key.tokensPerMinute,
      parallel_requests: key.parallelRequests,
    },
    created_at: key.createdAt.toISOString(),
    updated_at: key.updatedAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
    creator_user_id: null,
    external_user: null,
    workspace_id: key.accountId,
  };
}
