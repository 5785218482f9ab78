/**
 * Amounts are whole nano-USD (1e-9 $), prices whole pico-USD per token (1e-12 $). A JavaScript `number` never holds
 * either, so no cent is ever lost to rounding that nobody asked for.
 */
export type Nanos = bigint;
export type Picos = bigint;

const NANO_DIGITS = 9;
const PICO_DIGITS = 12;

const DECIMAL = /^(\d{1,12})(?:\.(\d+))?$/;

/**
 * Reads a decimal string of US dollars, digit by digit.
 * @throws RangeError when it is not one, is negative, or is finer than the unit: it is never rounded.
 */
function parseDecimal(text: string, digits: number): bigint {
  const match = DECIMAL.exec(text.trim());
  if (!match) throw new RangeError(`"${text}" is not a decimal amount of US dollars, such as 12.50`);
  const [, whole = "0", fraction = ""] = match;
  const significant = fraction.replace(/0+$/, "");
  if (significant.length > digits) throw new RangeError(`"${text}" has more than ${digits} decimal places`);
  return BigInt(whole + significant.padEnd(digits, "0"));
}

function formatDecimal(value: bigint, digits: number): string {
  const sign = value < 0n ? "-" : "";
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
  const fraction = text.slice(-digits).replace(/0+$/, "");
  return sign + text.slice(0, -digits) + (fraction ? `.${fraction}` : "");
}

/** "12.50" → 12_500_000_000n */
export const parseUsd = (text: string): Nanos => parseDecimal(text, NANO_DIGITS);

/** US dollars per token: "0.0000000375" → 37_500n */
export const parsePrice = (text: string): Picos => parseDecimal(text, PICO_DIGITS);

/** Exact, without trailing zeros: 12_500_000_000n → "12.5" */
export const formatUsd = (amount: Nanos): string => formatDecimal(amount, NANO_DIGITS);

/** US dollars per token, exact: 37_500n → "0.0000000375" */
export const formatPrice = (price: Picos): string => formatDecimal(price, PICO_DIGITS);

/** For JSON on the wire, where the dialect wants a number. The nearest one; never read back or compared. */
export const usdNumber = (amount: Nanos): number => Number.parseFloat(formatUsd(amount));

/** Pico-USD to nano-USD, rounded up: the one rounding of a bill. */
export const ceilToNanos = (picos: bigint): Nanos => (picos + 999n) / 1000n;
