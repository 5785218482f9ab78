import { expect, test } from "vitest";
import { ceilToNanos, formatPrice, formatUsd, parsePrice, parseUsd, usdNumber } from "./money";

test.each([
  ["0.0000000375", 37_500n],
  ["0.00000001875", 18_750n],
  ["0.000000015", 15_000n],
  ["0.000000000001", 1n],
  ["0", 0n],
  ["1", 1_000_000_000_000n],
])("a price of %s US dollars a token is exactly %s pico-USD", (text, picos) => {
  expect(parsePrice(text)).toBe(picos);
  expect(formatPrice(picos)).toBe(text);
});

test.each(["-1", "1e-9", ".5", "1.", "0x1", "", "NaN", "1,5", "1 000", "0.0000000000001"])(
  "%j is not a price, and is refused rather than rounded",
  (text) => {
    expect(() => parsePrice(text)).toThrow(RangeError);
  },
);

test("an amount survives text both ways, at both ends of its range", () => {
  for (const amount of [0n, 1n, -1n, 999_999_999n, 1_000_000_000n, 9_223_372_036_854_775_807n, -42_000_000_001n])
    expect(amount < 0n ? -parseUsd(formatUsd(-amount)) : parseUsd(formatUsd(amount))).toBe(amount);
  expect(formatUsd(12_500_000_000n)).toBe("12.5");
  expect(formatUsd(-1n)).toBe("-0.000000001");
});

test("the wire's number is the nearest to the exact amount", () => {
  expect(usdNumber(140_000n)).toBe(0.00014);
  expect(usdNumber(1n)).toBe(1e-9);
});

test("picos become nanos upwards, and only when there is a rest", () => {
  expect([0n, 1n, 999n, 1000n, 1001n].map(ceilToNanos)).toEqual([0n, 1n, 1n, 1n, 2n]);
});
