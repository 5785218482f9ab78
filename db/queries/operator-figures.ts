import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** What an operator watches, as the database has it; nano-USD and seconds as text. */
export type OperatorFigures = {
  holds: number;
  held_nano: string;
  /** Open a minute after their time was over: nobody sweeps. */
  overdue: number;
  /** Differences that the last check of the books found, and how long ago it was; null before the first. */
  differences: number | null;
  checked_ago: number | null;
  alerts: { kind: string; open: number }[];
};

export async function findOperatorFigures(db: Database): Promise<OperatorFigures | undefined> {
  const [row] = await db.execute<OperatorFigures>(sql`
    select count(*)::int as holds, coalesce(sum(amount_nano), 0)::text as held_nano,
      (count(*) filter (where expires_at < now() - interval '1 minute'))::int as overdue,
      (select differences from reconciliation_runs order by id desc limit 1) as differences,
      (select extract(epoch from now() - started_at)::float8 from reconciliation_runs order by id desc limit 1) as checked_ago,
      coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'open', open)) from (
        select kind, count(*)::int as open from operator_alerts where resolved_at is null group by kind) by_kind), '[]') as alerts
    from holds where status = 'open'`);
  return row;
}
