// @ts-check

import { invalid } from "../api/problem.mjs";
import { neededText } from "../api/read-param.mjs";

const LEAST = 50;
const MOST = 99_999_999;

/**
 * @param {import("../api/form-body.mjs").Params} params
 * @param {string} path
 * @returns {string} lower case
 */
export function currencyOf(params, path) {
  const currency = neededText(params, path).toLowerCase();
  if (/^[a-z]{3}$/.test(currency)) return currency;
  throw invalid(`Invalid currency: ${currency}`, { param: path });
}

/**
 * @param {number} amount minor units
 * @param {string} currency
 * @param {string} [param]
 */
export function amountInBounds(amount, currency, param) {
  if (amount < 1) {
    throw invalid("This value must be greater than or equal to 1.", { code: "parameter_invalid_integer", param });
  }
  if (amount < LEAST) {
    const least = moneyText(LEAST, currency);
    throw invalid(`The amount must be at least ${least}.`, { code: "amount_too_small", param });
  }
  if (amount > MOST) {
    throw invalid(`Amount must be no more than ${moneyText(MOST, currency)}.`, { code: "amount_too_large", param });
  }
  return amount;
}

/**
 * @param {number} amount minor units of a currency with two decimals
 * @param {string} currency
 */
export function moneyText(amount, currency) {
  const figure = `${Math.floor(Math.abs(amount) / 100).toLocaleString("en-US")}.${String(Math.abs(amount) % 100).padStart(2, "0")}`;
  const sign = amount < 0 ? "-" : "";
  return currency === "usd" ? `${sign}$${figure}` : `${sign}${figure} ${currency.toUpperCase()}`;
}
