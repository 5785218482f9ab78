// @ts-check
// A server on this machine that speaks Stripe's API to Stripe's own client, for tests and for a start without an account.

import { randomBytes } from "node:crypto";
import { createControls } from "./controls.mjs";
import { createDeliveries } from "./deliveries.mjs";
import { createDisturbances } from "./disturbances.mjs";
import { listen } from "./listen.mjs";
import { settleDuePayments } from "./resources/checkout-outcomes.mjs";
import { loadState, portIn, saveState } from "./state-file.mjs";
import { createWorld } from "./world.mjs";

const RETRY_DELAYS_MS = [200, 1000, 5000];
const SETTLE_EVERY_MS = 500;

/**
 * @typedef {object} Options
 * @property {number} [port] 0: any free one, or the one before where the state is kept
 * @property {string} [apiKey] random unless given
 * @property {string} [webhookUrl] may be set later, with setWebhook
 * @property {string} [webhookSecret]
 * @property {() => number} [now] ms since the epoch; signatures bear it too
 * @property {number[]} [retryDelaysMs] the waits before each further try of a webhook that was not taken
 * @property {number | null} [settleAfterMs] a bank transfer arrives by itself after that; null: when told to
 * @property {string} [stateFile] where everything is kept across restarts
 *
 * @typedef {import("./controls.mjs").Controls & { url: string, apiKey: string, webhookSecret: string,
 *   stop: () => Promise<void> }} StripeStandIn
 */

/**
 * @param {Options} [options]
 * @returns {Promise<StripeStandIn>} the official client takes host, port and protocol from its url
 */
export async function startStripeStandIn({
  port = 0,
  apiKey = `sk_test_${randomBytes(24).toString("hex")}`,
  webhookUrl,
  webhookSecret = `whsec_${randomBytes(24).toString("hex")}`,
  now = Date.now,
  retryDelaysMs = RETRY_DELAYS_MS,
  settleAfterMs = null,
  stateFile,
} = {}) {
  const save = () => {
    if (stateFile) saveState(stateFile, world);
  };
  const deliveries = createDeliveries({ now, retryDelaysMs, onChange: save });
  const world = createWorld({ now, settleAfterMs, onEvent: deliveries.send });
  if (webhookUrl) deliveries.setTarget({ url: webhookUrl, secret: webhookSecret });
  const disturbances = createDisturbances();
  const controls = createControls(world, deliveries, disturbances);
  const wanted = port === 0 && stateFile ? portIn(stateFile) : port;
  const server = await listen({ port: wanted, mayMove: port === 0, world, apiKey, controls, disturbances, save });
  world.url = server.url;
  if (stateFile) loadState(stateFile, world);
  const clock = setInterval(() => {
    if (settleDuePayments(world)) save();
  }, SETTLE_EVERY_MS);
  if (settleAfterMs === null) clearInterval(clock);

  return {
    ...controls,
    url: server.url,
    apiKey,
    webhookSecret,
    async stop() {
      clearInterval(clock);
      await server.close();
      await deliveries.stop();
      save();
    },
  };
}
