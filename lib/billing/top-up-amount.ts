import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/** US cents: the least and the most that is bought at once; and the fee on top, in hundredths of a per cent. */
export type TopUpLimits = { leastMinor: number; mostMinor: number; feeBasisPoints: number };

export function topUpLimits(): TopUpLimits {
  const { TOP_UP_LEAST = 5, TOP_UP_MOST = 10_000, TOP_UP_FEE_BASIS_POINTS = 0 } = env();
  return { leastMinor: TOP_UP_LEAST * 100, mostMinor: TOP_UP_MOST * 100, feeBasisPoints: TOP_UP_FEE_BASIS_POINTS };
}

/**
 * Whole US cents within the bounds, whatever was sent.
 *
 * @throws AppError `invalid_request`
 */
export function checkAmount(amountMinor: unknown): number {
  const { leastMinor, mostMinor } = topUpLimits();
  if (typeof amountMinor !== "number" || !Number.isInteger(amountMinor))
    throw new AppError("invalid_request", "The amount must be a whole number of US cents.");
  if (amountMinor < leastMinor || amountMinor > mostMinor)
    throw new AppError("invalid_request", `The amount must be between $${leastMinor / 100} and $${mostMinor / 100}.`);
  return amountMinor;
}

/** US cents, rounded up. */
export const feeOf = (amountMinor: number): number =>
  Number((BigInt(amountMinor) * BigInt(topUpLimits().feeBasisPoints) + 9_999n) / 10_000n);
