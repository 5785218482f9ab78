// @ts-check
// The Stripe stand-in as a process of its own: tells its URL as a message, and ends with whoever started it.
// Usage: main.mjs <webhook URL> <state file>, with STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET in the environment.

import { startStripeStandIn } from "./start.mjs";

const SETTLE_AFTER_MS = 20_000;

const [webhookUrl, stateFile] = process.argv.slice(2);
const standIn = await startStripeStandIn({
  apiKey: process.env.STRIPE_SECRET_KEY,
  webhookUrl,
  webhookSecret: process.env.STRIPE_WEBHOOK_SECRET,
  settleAfterMs: SETTLE_AFTER_MS,
  stateFile,
});
process.send?.({ url: standIn.url });

async function end() {
  await standIn.stop();
  process.exit(0);
}
// The channel closes also when the parent was killed without a chance to say goodbye.
if (process.send) process.on("disconnect", end);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);
