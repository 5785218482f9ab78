import { sql } from "drizzle-orm";
import type { Database } from "../client";

export type Rolled = { until: Date; behind: boolean };

/** Sums up what the log has more than the sums; undefined when another replica is at it. See `activity_roll`. */
export async function rollActivity(
  db: Database,
  { budget = "20 seconds", margin = "30 seconds" } = {},
): Promise<Rolled | undefined> {
  const [row] = await db.execute<{ answer: { until: string; behind: boolean } | null }>(
    sql`select activity_roll(${budget}, ${margin}) as answer`,
  );
  return row?.answer ? { until: new Date(row.answer.until), behind: row.answer.behind } : undefined;
}
