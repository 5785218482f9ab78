import { db } from "@/db/client";
import { listPerformance, type Performance } from "@/db/queries/endpoint-performance";
import { processWide } from "@/lib/process-wide";

const FRESH_MS = 60_000;

type Entry = { until: number; rows: Promise<Performance[]> };

/**
 * How a model's providers did in the last 24 hours, at most a minute old: anyone may look, and the log is read once a
 * minute for it however many do. For slugs of the catalogue only, which bound what is kept.
 */
export function recentPerformance(modelSlug: string): Promise<Performance[]> {
  const entries = processWide("recent-performance", () => new Map<string, Entry>());
  const known = entries.get(modelSlug);
  if (known && performance.now() < known.until) return known.rows;
  const rows = listPerformance(db(), modelSlug);
  entries.set(modelSlug, { until: performance.now() + FRESH_MS, rows });
  rows.catch(() => entries.delete(modelSlug));
  return rows;
}
