import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "../database";
import { WIRE_NAMES } from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, startGateway } from "../gateway";
import { answersInPhases, hangUps, percentile } from "../hang-ups";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(await useFreshDatabase(), WIRE_NAMES.flatMap(answersInPhases));
});
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

test("of five hundred callers who hang up, in whatever phase of the answer, the provider learns within 250 ms", async () => {
  await hangUps(gateway, 1);
  const waits = await hangUps(gateway, 25);
  console.log(
    `${waits.length} hang-ups, upstream aborted after (ms): p50 ${percentile(waits, 0.5).toFixed(1)}, p95 ${percentile(waits, 0.95).toFixed(1)}, p99 ${percentile(waits, 0.99).toFixed(1)}, most ${Math.max(...waits).toFixed(1)}`,
  );
  expect(waits).toHaveLength(500);
  expect(percentile(waits, 0.99)).toBeLessThan(250);
});
