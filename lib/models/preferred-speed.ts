import type { ProviderPreferences, Threshold } from "@/lib/protocol/provider-preferences";
import type { Speed } from "./speed";

const PERCENTS = ["p50", "p75", "p90", "p99"] as const;

/** Whether an endpoint is known to be slower than the caller would like; of one that nobody measured, it is not. */
export function missesPreferredSpeed(
  { latency, throughput }: Speed,
  { preferred_max_latency, preferred_min_throughput }: ProviderPreferences,
): boolean {
  return (
    asPercents(preferred_max_latency).some(([percent, most]) => (latency?.[percent] ?? 0) > most) ||
    asPercents(preferred_min_throughput).some(
      ([percent, least]) => (throughput?.[percent] ?? Number.POSITIVE_INFINITY) < least,
    )
  );
}

/** A number alone is meant for the median. */
function asPercents(threshold: Threshold): [percent: (typeof PERCENTS)[number], value: number][] {
  if (threshold === undefined || threshold === null) return [];
  if (typeof threshold === "number") return [["p50", threshold]];
  return PERCENTS.flatMap((percent) => {
    const value = threshold[percent];
    return value === undefined || value === null ? [] : [[percent, value] as const];
  }).map(([percent, value]) => [percent, value]);
}
