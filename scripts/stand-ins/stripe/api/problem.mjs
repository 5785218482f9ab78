// @ts-check

/**
 * @typedef {object} Details as they stand in the error envelope
 * @property {string} [code]
 * @property {string} [param]
 * @property {string} [decline_code]
 * @property {string} [charge]
 * @property {unknown} [payment_intent]
 * @property {unknown} [payment_method]
 */

/** An answer that is an error, in the envelope the client reads. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {"invalid_request_error" | "card_error" | "idempotency_error" | "api_error"} type
   * @param {string} message
   * @param {Details} [details]
   */
  constructor(status, type, message, details = {}) {
    super(message);
    this.status = status;
    this.envelope = { error: { type, message, ...details } };
  }
}

/** @param {string} message @param {Details} [details] */
export const invalid = (message, details) => new Problem(400, "invalid_request_error", message, details);
