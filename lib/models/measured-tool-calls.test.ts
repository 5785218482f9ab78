import { expect, test } from "vitest";
import { noteToolCalls, toolFaultsOf } from "./measured-tool-calls";

const note = (id: string, faults: boolean[], at = 0) => {
  for (const faulty of faults) noteToolCalls(id, faulty, at);
};
const times = (count: number, faulty: boolean) => Array<boolean>(count).fill(faulty);

test("one of which nothing is known stands between those that do well and those that do not", () => {
  note("good", times(20, false));
  note("bad", [...times(15, false), ...times(5, true)]);
  expect(toolFaultsOf("good", 0)).toBeLessThan(toolFaultsOf("unknown", 0));
  expect(toolFaultsOf("unknown", 0)).toBeLessThan(toolFaultsOf("bad", 0));
  expect(toolFaultsOf("unknown", 0)).toBeCloseTo(0.1);
});

test("what is older than an hour, or than the newest two hundred, no longer counts", () => {
  note("mended", times(50, true), 0);
  expect(toolFaultsOf("mended", 3_600_000)).toBeGreaterThan(0.8);
  expect(toolFaultsOf("mended", 3_600_001)).toBeCloseTo(0.1);
  note("long", [...times(100, true), ...times(200, false)], 0);
  expect(toolFaultsOf("long", 0)).toBeLessThan(0.01);
});
