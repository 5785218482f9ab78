const SHORTEST_DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** US dollars per million tokens → a decimal string of whole pico-USD per token. */
export const picoPerToken = (usdPerMillion: number) => shifted(usdPerMillion, 6);

/** US dollars per thousand requests → a decimal string of whole nano-USD per request. */
export const nanoPerRequest = (usdPerThousand: number) => shifted(usdPerThousand, 6);

/**
 * Moves the decimal point of the number's shortest decimal form: no arithmetic on floats.
 * @throws RangeError when the result is not whole, which no published price should be.
 */
function shifted(value: number, places: number): string {
  const match = SHORTEST_DECIMAL.exec(String(value));
  if (!match) throw new RangeError(`${value} is not a price`);
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const zeros = places + Number(exponent) - fraction.length;
  const digits = whole + fraction;
  if (zeros >= 0) return BigInt(digits + "0".repeat(zeros)).toString();
  const kept = digits.slice(0, zeros) || "0";
  if (/[1-9]/.test(digits.slice(zeros))) throw new RangeError(`${value} is finer than the unit of prices`);
  return BigInt(kept).toString();
}
