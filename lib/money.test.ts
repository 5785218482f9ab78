import fc from "fast-check";
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

/** A rational number as its digits say it: the oracle that knows nothing of our units. */
const scaled = (text: string, places: number): bigint | undefined => {
  const [whole = "", fraction = ""] = text.split(".");
  const digits = fraction.padEnd(places, "0");
  return /[1-9]/.test(digits.slice(places)) ? undefined : BigInt(whole + digits.slice(0, places));
};

test("ten thousand decimal prices are read to the last digit, or refused", () => {
  const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`));
  fc.assert(
    fc.property(digits(6), fc.option(digits(15), { nil: undefined }), (whole, fraction) => {
      const text = fraction === undefined ? whole : `${whole}.${fraction}`;
      const exact = scaled(text, 12);
      if (exact === undefined) expect(() => parsePrice(text)).toThrow(RangeError);
      else expect(parsePrice(text)).toBe(exact);
    }),
    { numRuns: 10_000 },
  );
});

test.each(["1e-8", "-0", "NaN", "+1", "Infinity", "0b1", "1_000", "٣"])("%s is refused", (text) => {
  expect(() => parsePrice(text)).toThrow(RangeError);
  expect(() => parseUsd(text)).toThrow(RangeError);
});

test("amounts around the ends of floats and of the database's integers keep every digit", () => {
  const edges = [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 2n, 2n ** 63n - 1n];
  for (const amount of edges) {
    expect(parseUsd(formatUsd(amount))).toBe(amount);
    expect(formatUsd(-amount)).toBe(`-${formatUsd(amount)}`);
  }
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (amount) => {
      expect(parseUsd(formatUsd(amount))).toBe(amount);
    }),
  );
});
