// @ts-check

import { randomBytes } from "node:crypto";

/** @typedef {"real" | "stand-in" | "off"} Payments */

/**
 * Who takes the money. Over somebody's own database nobody is ever made up: there a made-up payment would be worth real answers.
 * @param {Record<string, string | undefined>} env
 * @returns {Payments}
 */
export function paymentsFrom(env) {
  if (env.STRIPE_SECRET_KEY) return "real";
  return env.DATABASE_URL ? "off" : "stand-in";
}

/** Secrets that the app and the stand-in share; new each time, and kept nowhere. */
export const stripeSecrets = () => ({
  STRIPE_SECRET_KEY: `sk_test_${randomBytes(24).toString("hex")}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString("hex")}`,
});
