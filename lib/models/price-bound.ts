/** Decimal places of a price per million tokens, in pico-USD per token; and of one per request, in nano-USD. */
export const PER_MILLION_TOKENS = 6;
export const PER_UNIT = 9;

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]\d{1,3}))?$/;

/**
 * An amount of US dollars as whole units of so many decimal places, rounded down: a whole price is within the amount
 * exactly if it is within that. A number is read as it is written, never through its binary fraction.
 */
export function priceBound(dollars: number | string, places: number): bigint {
  const [, whole = "0", fraction = "", exponent = "0"] = DECIMAL.exec(String(dollars)) ?? [];
  const digits = BigInt(whole + fraction);
  const shift = places - fraction.length + Number(exponent);
  return shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
}
