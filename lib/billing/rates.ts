import { db } from "@/db/client";
import type { AskedRates, Exceeded } from "@/db/queries/holds";
import { correctTokenRate, deleteOldRates, readFreeUse } from "@/db/queries/rates";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { formatUsd, parseUsd } from "@/lib/money";

/** How much of free models an account may ask for; 0 in the settings is as much as it likes. */
export function freeRates(): NonNullable<AskedRates["free"]> {
  const { FREE_MODEL_REQUESTS_PER_MINUTE, FREE_MODEL_REQUESTS_PER_DAY, FREE_MODEL_REQUESTS_PER_DAY_PAID } = env();
  return {
    minute: FREE_MODEL_REQUESTS_PER_MINUTE || null,
    day: FREE_MODEL_REQUESTS_PER_DAY || null,
    dayPaid: FREE_MODEL_REQUESTS_PER_DAY_PAID || null,
    paidNano: parseUsd(String(env().FREE_MODEL_CREDITS)),
  };
}

/** What is left today of requests to free models; -1 where they are not limited. */
export async function freeRequestsToday(
  accountId: string,
): Promise<{ limit: number; remaining: number; used: number }> {
  const { day, dayPaid, paidNano } = freeRates();
  const { used, paid } = await readFreeUse(db(), accountId);
  const limit = day !== null && dayPaid !== null && paid >= paidNano ? Math.max(day, dayPaid) : day;
  return limit === null ? { limit: -1, remaining: -1, used } : { limit, remaining: Math.max(0, limit - used), used };
}

/**
 * A key's tokens a minute, as they turned out to be; a request is admitted by what it is likely to count. Nobody waits
 * for it: what is lost is forgotten with its minute.
 */
export function correctTokens(keyId: string, { expected, counted, sinceMs }: TokenCount): void {
  if (expected === counted) return;
  correctTokenRate(keyId, counted - expected, Math.round(performance.now() - sinceMs)).catch((err) =>
    log().warn({ err }, "the tokens of a request were not counted in its key's rate"),
  );
}

type TokenCount = {
  expected: number;
  counted: number;
  /** performance.now() when it was admitted. */
  sinceMs: number;
};

const SOURCES: Record<Exceeded["rate"], string> = {
  requests: "key_requests_per_minute",
  tokens: "key_tokens_per_minute",
  parallel: "key_parallel_requests",
  free_minute: "openrouter_free_tier_minute",
  free_day: "openrouter_free_tier_daily",
};

/** As OpenRouter says it, with headers that the envelope's metadata repeats. */
export function tooMany({ rate, most, left, resetsAt }: Exceeded): AppError {
  const retryAfter =
    rate === "parallel" ? 1 : resetsAt === null ? undefined : Math.max(1, (resetsAt.getTime() - Date.now()) / 1000);
  return new AppError("rate_limit_exceeded", `Rate limit exceeded: ${inWords(rate, most, resetsAt)}`, {
    retryAfter,
    metadata: {
      limit_source: SOURCES[rate],
      headers: {
        "X-RateLimit-Limit": String(most),
        "X-RateLimit-Remaining": String(left),
        ...(resetsAt && { "X-RateLimit-Reset": String(resetsAt.getTime()) }),
      },
    },
  });
}

function inWords(rate: Exceeded["rate"], most: number, resetsAt: Date | null): string {
  switch (rate) {
    case "requests":
      return `this key may make ${most} requests a minute.`;
    case "tokens":
      return resetsAt
        ? `this key may use ${most} tokens a minute.`
        : `this request alone may use more than the ${most} tokens a minute of its key. Ask for fewer max_tokens.`;
    case "parallel":
      return `this key may make ${most} requests at once.`;
    case "free_minute":
      return "free-models-per-min.";
    case "free_day":
      return `free-models-per-day.${moreFor(most)}`;
  }
}

function moreFor(most: number): string {
  const { dayPaid, paidNano } = freeRates();
  return dayPaid !== null && dayPaid > most
    ? ` Add ${formatUsd(paidNano)} credits to unlock ${dayPaid} free model requests per day`
    : "";
}

/** Clears away counters that count for nobody any more. */
export const forgetRates = () => deleteOldRates(db());
