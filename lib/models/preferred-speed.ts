import type { ProviderPreferences, Threshold } from "@/lib/protocol/provider-preferences";
import { percentile, type Speed } from "./measured-speed";

const PERCENTS = { p50: 50, p75: 75, p90: 90, p99: 99 };

/** Whether an endpoint is known to be slower than the caller would like; of one that nobody measured, it is not. */
export function missesPreferredSpeed(
  { latency, throughput }: Speed,
  { preferred_max_latency, preferred_min_throughput }: ProviderPreferences,
): boolean {
  return (
    asPercents(preferred_max_latency).some(([percent, most]) => (percentile(latency, percent, "lower") ?? 0) > most) ||
    asPercents(preferred_min_throughput).some(
      ([percent, least]) => (percentile(throughput, percent, "higher") ?? Number.POSITIVE_INFINITY) < least,
    )
  );
}

/** A number alone is meant for the median. */
function asPercents(threshold: Threshold): [percent: number, value: number][] {
  if (threshold === undefined || threshold === null) return [];
  if (typeof threshold === "number") return [[PERCENTS.p50, threshold]];
  return Object.entries(PERCENTS).flatMap(([name, percent]) => {
    const value = threshold[name as keyof typeof PERCENTS];
    return value === undefined || value === null ? [] : [[percent, value] as [number, number]];
  });
}
