import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase } from "@/db/client";
import { Operator } from "@/db/operator";
import { exchangeTallies, type TallyRow } from "@/db/queries/endpoint-tallies";
import { useFreshDatabase } from "@/tests/database";
import { liveReports } from "./live";

beforeAll(async () => void (await useFreshDatabase()));
afterAll(() => closeDatabase());

const told = (row: Partial<TallyRow> & { endpointId: string }): TallyRow => ({
  ...{ answered: 0, failed: 0, firstToken: {}, throughput: {}, circuit: null, throttledForMs: null },
  ...row,
});
const tell = (...rows: TallyRow[]) => exchangeTallies({ process: randomUUID(), rows, sinceMs: 1, prune: false });

test("what all processes saw of an endpoint is seen together, with its circuit and its throttle", async () => {
  const [well, broken, slow] = [randomUUID(), randomUUID(), randomUUID()];
  await tell(told({ endpointId: well, answered: 3 }), told({ endpointId: slow, answered: 1, throttledForMs: 60_000 }));
  await tell(
    told({ endpointId: well, answered: 2, failed: 1 }),
    told({ endpointId: broken, failed: 5, circuit: { openFor: 30_000, trips: 1, changedAgo: 0 } }),
  );
  const reports = new Map((await liveReports(Operator.atTheCommandLine())).map((report) => [report.id, report]));
  expect(reports.get(well)).toMatchObject({
    circuit: "closed",
    throttled: false,
    windows: { "5m": { answered: 5, failed: 1 } },
  });
  expect(reports.get(broken)).toMatchObject({ circuit: "open", windows: { "5m": { failed: 5 } } });
  expect(reports.get(slow)).toMatchObject({ throttled: true });
});
