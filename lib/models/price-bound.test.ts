import fc from "fast-check";
import { expect, test } from "vitest";
import { priceBound } from "./price-bound";

test.each([
  [1, 6, 1_000_000n],
  ["2.5", 6, 2_500_000n],
  [0.1, 6, 100_000n],
  [0.3, 6, 300_000n],
  // Finer than the unit: a whole price is within it exactly if it is within what is below.
  ["0.0000019", 6, 1n],
  [1e-7, 9, 100n],
  [1.5e-7, 9, 150n],
  [1e-7, 6, 0n],
  [1e21, 6, 10n ** 27n],
  [0, 6, 0n],
])("%s dollars to %i places are %s units", (dollars, places, units) => {
  expect(priceBound(dollars, places)).toBe(units);
});

test("every amount of a whole number of units is read back exactly, from a string and from a number", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (units) => {
      const text = `${Math.floor(units / 1e6)}.${String(units % 1e6).padStart(6, "0")}`;
      expect(priceBound(text, 6)).toBe(BigInt(units));
      expect(priceBound(Number(text), 6)).toBe(BigInt(units));
    }),
  );
});
