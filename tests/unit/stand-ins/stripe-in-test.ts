import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import Stripe from "stripe";
import { onTestFinished } from "vitest";
import { startStripeStandIn } from "@/scripts/stand-ins/stripe/start.mjs";

type Options = NonNullable<Parameters<typeof startStripeStandIn>[0]>;

/** A stand-in and the real client, pointed at it and at nothing else. */
export async function standInForTest(options: Options = {}) {
  const standIn = await startStripeStandIn({ retryDelaysMs: [20, 40], ...options });
  onTestFinished(() => standIn.stop());
  return { standIn, stripe: clientOf(standIn) };
}

export function clientOf({ url, apiKey }: { url: string; apiKey: string }) {
  const { hostname, port } = new URL(url);
  return new Stripe(apiKey, { host: hostname, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
}

/** An endpoint that takes webhooks as an app does: it verifies each, and answers what `answer` says. */
export async function webhookEndpoint(
  stripe: Stripe,
  secret: string,
  answer: (event: Stripe.Event, nth: number) => number = () => 200,
) {
  const events: Stripe.Event[] = [];
  const server = createServer(async (request, response) => {
    try {
      const event = stripe.webhooks.constructEvent(
        await text(request),
        request.headers["stripe-signature"] ?? "",
        secret,
      );
      events.push(event);
      response.writeHead(answer(event, events.length)).end();
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, events };
}

/** A one-time payment of the given number of cents. */
export const sessionFor = (cents: number, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) => ({
  mode: "payment" as const,
  line_items: [{ price_data: { currency: "usd", unit_amount: cents, product_data: { name: "Credits" } }, quantity: 1 }],
  client_reference_id: "payment-1",
  metadata: { payment_id: "payment-1" },
  success_url: "http://127.0.0.1:9/done?session={CHECKOUT_SESSION_ID}",
  cancel_url: "http://127.0.0.1:9/cancelled",
  ...more,
});

/** What a browser does with a form: sends it, and does not follow where it leads. */
export const submit = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
