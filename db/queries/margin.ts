import { sql } from "drizzle-orm";
import { unhurried } from "../client";
import type { Operator } from "../operator";

export type MarginBy = "day" | "model" | "provider";

/** What requests brought in and cost, nano-USD. Those on callers' own keys bring in the fee and cost nothing here. */
export type MarginLine = {
  /** A UTC day, a model's or a provider's slug; empty: nobody answered. */
  name: string;
  requests: number;
  /** What users were charged. */
  chargedNano: bigint;
  /** What providers charge for it, as their prices have it. */
  costNano: bigint;
  /** Of the cost, what was beyond the holds: the house's. */
  overageNano: bigint;
};

const NAMES: Record<MarginBy, string> = {
  day: "to_char(created_at at time zone 'utc', 'YYYY-MM-DD')",
  model: "model_slug",
  provider: "coalesce(provider_slug, '')",
};

/** A month of a long log is read for seconds. */
const MOST_MS = 60_000;

/** From the log, so that it is exact to this moment: days the newest first, others by what they brought in. */
export function sumMargin(_operator: Operator, by: MarginBy, from: Date): Promise<MarginLine[]> {
  return unhurried(async (database) => {
    const rows = await database.execute<Record<string, string>>(sql`
      select ${sql.raw(NAMES[by])} as name, count(*) as requests, sum(cost_nano) as charged,
             coalesce(sum(upstream_cost_nano) filter (where not is_byok), 0) as cost, sum(overage_nano) as overage
        from generations
       where created_at >= ${from.toISOString()}::timestamptz
       group by 1
       order by ${by === "day" ? sql`1 desc` : sql`sum(cost_nano) desc, 1`}
       limit 500`);
    return rows.map((row) => ({
      name: row.name ?? "",
      requests: Number(row.requests),
      chargedNano: BigInt(row.charged ?? 0),
      costNano: BigInt(row.cost ?? 0),
      overageNano: BigInt(row.overage ?? 0),
    }));
  }, MOST_MS);
}
