import { receiveStripeWebhook } from "@/lib/billing/stripe-webhook";

/** The signature is over the bytes of the body, and Node's own crypto checks it. */
export const runtime = "nodejs";

export const POST = receiveStripeWebhook;
