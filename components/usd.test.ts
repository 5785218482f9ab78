import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUsd } from "@/lib/money";
import { usdParts, usdText } from "./usd";

test.each([
  [0n, "$0.00", ""],
  [12_500_000_000n, "$12.50", ""],
  [1_234_567_891_000n, "$1,234.56", "7891"],
  [-40_001_000_000n, "−$40.00", "1"],
  [1n, "$0.000000001", ""],
  [9_999_999n, "$0.009999999", ""],
  [10_000_001n, "$0.01", "0000001"],
])("%s nano-USD is shown as %s and quieter %s", (nanos, loud, quiet) => {
  expect(usdParts(nanos)).toEqual({ loud, quiet });
});

test("what is shown is the amount, to the last digit", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (nanos) => {
      const text = usdText(nanos);
      const amount = parseUsd(text.replace(/[−$,]/g, ""));
      expect(text.startsWith("−") ? -amount : amount).toBe(nanos);
    }),
  );
});
