import fc from "fast-check";
import { expect, test } from "vitest";
import { addCounts, type Counts, count, howMany, percentilesOf } from "./distribution";

const countsOf = (values: readonly number[]): Counts => {
  const counts: Counts = {};
  for (const value of values) count(counts, value);
  return counts;
};

test("a percentile is what so many per cent are at least as good as, to within a few per cent", () => {
  const tenth = [countsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])];
  expect(percentilesOf(tenth, "lower")?.p90).toBeCloseTo(9, 0);
  expect(percentilesOf(tenth, "higher")?.p90).toBeCloseTo(2, 0);
  expect(percentilesOf([countsOf([7])], "higher")?.p50).toBeCloseTo(7, 0);
  expect(percentilesOf([], "lower")).toBeUndefined();
  expect(percentilesOf([{}], "lower")).toBeUndefined();
});

const values = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 200 });

test("what two processes counted comes to what one would have counted, wherever it is cut, and near the exact value", () => {
  fc.assert(
    fc.property(values, fc.nat(), (all, cut) => {
      const at = cut % (all.length + 1);
      const apart = [countsOf(all.slice(0, at)), countsOf(all.slice(at))];
      const together = countsOf(all);
      expect(percentilesOf(apart, "lower")).toEqual(percentilesOf([together], "lower"));
      const sum: Counts = {};
      for (const counts of apart) addCounts(sum, counts);
      expect(sum).toEqual(together);
      expect(howMany(sum)).toBe(all.length);
      const sorted = [...all].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
      const told = percentilesOf(apart, "lower")?.p95 ?? 0;
      expect(Math.abs(told - exact) / exact).toBeLessThan(0.023);
    }),
  );
});
