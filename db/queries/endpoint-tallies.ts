import { asc, sql } from "drizzle-orm";
import { moneyStatement } from "../client";
import type { Operator } from "../operator";
import { endpointTallies } from "../schema";

type Row = typeof endpointTallies.$inferSelect;

export type TallyRow = Pick<
  Row,
  "endpointId" | "answered" | "failed" | "firstToken" | "throughput" | "circuit" | "throttledForMs"
>;

/** With the milliseconds since it was written, by the database's clock. */
export type HeardRow = TallyRow & { id: string; age: number };

type Exchange = { process: string; rows: readonly TallyRow[]; sinceMs: number; prune: boolean };

/** Writes what a replica saw, and reads what the others wrote in the last while, in one statement. */
export async function exchangeTallies({ process, rows, sinceMs, prune }: Exchange): Promise<HeardRow[]> {
  const heard = await moneyStatement<HeardRow[]>(
    (sql) => sql`
      with told as (
        insert into endpoint_tallies
               (at, process, endpoint_id, answered, failed, first_token, throughput, circuit, throttled_for_ms)
        select clock_timestamp(), ${process}, "endpointId", answered, failed, "firstToken", throughput, circuit, "throttledForMs"
          from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row("endpointId" uuid, answered integer, failed integer,
               "firstToken" jsonb, throughput jsonb, circuit jsonb, "throttledForMs" integer)
      ), pruned as (
        delete from endpoint_tallies where ${prune} and at < now() - interval '10 minutes'
      )
      select id::text, endpoint_id as "endpointId", answered, failed, first_token as "firstToken", throughput,
             circuit, throttled_for_ms as "throttledForMs",
             (extract(epoch from clock_timestamp() - at) * 1000)::float8 as age
        from endpoint_tallies
       where process <> ${process} and at > now() - ${sinceMs}::float8 * interval '1 millisecond'
       order by id`,
  );
  return [...heard];
}

/** Every replica's, of the last minutes, the oldest first. */
export const listTallies = ({ database }: Operator): Promise<HeardRow[]> =>
  database
    .select({
      id: sql<string>`${endpointTallies.id}::text`,
      endpointId: endpointTallies.endpointId,
      answered: endpointTallies.answered,
      failed: endpointTallies.failed,
      firstToken: endpointTallies.firstToken,
      throughput: endpointTallies.throughput,
      circuit: endpointTallies.circuit,
      throttledForMs: endpointTallies.throttledForMs,
      age: sql<number>`(extract(epoch from clock_timestamp() - ${endpointTallies.at}) * 1000)::float8`,
    })
    .from(endpointTallies)
    .orderBy(asc(endpointTallies.id));
