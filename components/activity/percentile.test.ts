import fc from "fast-check";
import { expect, test } from "vitest";
import { percentile } from "./percentile";

const BOUNDS = [100, 200, 500];

test("half of what lies in one bucket is below its middle", () => {
  expect(percentile([0, 10, 0, 0], BOUNDS, 0.5)).toBe(150);
  expect(percentile([10, 0, 10, 0], BOUNDS, 0.5)).toBe(100);
  expect(percentile([10, 0, 10, 0], BOUNDS, 0.95)).toBe(470);
});

test("of nothing there is none, and beyond the last bound no more is known", () => {
  expect(percentile([0, 0, 0, 0], BOUNDS, 0.5)).toBeNull();
  expect(percentile([0, 0, 0, 3], BOUNDS, 0.5)).toBe(500);
});

test("it lies in the bucket of the value that it stands for", () => {
  const bucketOf = (value: number) => BOUNDS.filter((bound) => value >= bound).length;
  fc.assert(
    fc.property(
      fc.array(fc.nat(499), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const counts = Array.from(
          { length: 4 },
          (_, bucket) => values.filter((value) => bucketOf(value) === bucket).length,
        );
        const found = percentile(counts, BOUNDS, share) ?? Number.NaN;
        const exact = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
        const [from, to] = [BOUNDS[bucketOf(exact) - 1] ?? 0, BOUNDS[bucketOf(exact)] ?? 500];
        expect(found).toBeGreaterThanOrEqual(from);
        expect(found).toBeLessThanOrEqual(to);
      },
    ),
  );
});
