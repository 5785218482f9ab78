import { db } from "@/db/client";
import { type ModelRanking, rankModels } from "@/db/queries/model-rankings";
import { processWide } from "@/lib/process-wide";

export const periods = ["day", "week", "month"] as const;
export type Period = (typeof periods)[number];

const DAYS: Record<Period, number> = { day: 1, week: 7, month: 30 };
const MOST = 100;
const FRESH_MS = 60_000;

type Entry = { until: number; rows: Promise<ModelRanking[]> };

/** The models by everyone's tokens of a period, at most a minute older than the sums: anyone may look, however often. */
export function rankedModels(period: Period): Promise<ModelRanking[]> {
  const entries = processWide("rankings", () => new Map<Period, Entry>());
  const known = entries.get(period);
  if (known && performance.now() < known.until) return known.rows;
  const rows = rankModels(db(), DAYS[period], MOST);
  entries.set(period, { until: performance.now() + FRESH_MS, rows });
  rows.catch(() => entries.delete(period));
  return rows;
}
