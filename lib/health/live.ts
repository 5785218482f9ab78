import type { Operator } from "@/db/operator";
import { listTallies } from "@/db/queries/endpoint-tallies";
import { makeHealth } from "./endpoint-health";
import { toNews } from "./exchange";
import type { EndpointReport } from "./report";

/** What was told before this process began must have a time too. */
const HEAD_START_MS = 3_600_000;

/** Every endpoint that any process asked in the last minutes, as all of them together see it. */
export async function liveReports(operator: Operator): Promise<EndpointReport[]> {
  const together = makeHealth({ now: () => performance.now() + HEAD_START_MS });
  for (const { age, ...row } of await listTallies(operator)) together.hear(toNews(row), age);
  return together.report();
}
