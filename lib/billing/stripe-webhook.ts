import Stripe from "stripe";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { isLive, paymentsEnabled } from "./stripe";
import { handleStripeEvent } from "./stripe-event";

const MOST_BYTES = 256 * 1024;
const TOLERANCE_SECONDS = 300;

/**
 * What Stripe sends. 503 where no secret is set: who cannot check a signature believes nobody. 400 for what Stripe did
 * not sign, 500 for what could not be done and shall come again.
 */
export async function receiveStripeWebhook(request: Request): Promise<Response> {
  const secrets = webhookSecrets();
  if (!paymentsEnabled() || secrets.length === 0) return say(503, "Payments are not set up on this server.");
  const body = await readBody(request);
  if (!body) return say(413, `The body is larger than ${MOST_BYTES} bytes.`);
  const event = verified(body, request.headers.get("stripe-signature"), secrets);
  if (!event) {
    log().warn("a webhook that Stripe did not sign was turned away");
    return say(400, "The signature does not fit.");
  }
  if (event.livemode !== isLive()) {
    log().error({ event: event.id, livemode: event.livemode }, "a webhook is of the other mode than the key");
    return say(400, "The event is not of this server's mode.");
  }
  try {
    await handleStripeEvent(event);
    return Response.json({ received: true });
  } catch {
    return say(500, "The event could not be processed.");
  }
}

const webhookSecrets = (): string[] =>
  [env().STRIPE_WEBHOOK_SECRET, env().STRIPE_WEBHOOK_SECRET_PREVIOUS].filter((secret) => secret !== undefined);

const say = (status: number, error: string) => Response.json({ error }, { status });

/** While the secret is being changed, Stripe signs with the new one or with both: either is enough. */
function verified(body: Buffer, signature: string | null, secrets: string[]): Stripe.Event | undefined {
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(body, signature ?? "", secret, TOLERANCE_SECONDS);
    } catch {
      // The next secret, or none.
    }
  }
}

/** Byte for byte, as it was signed. Undefined when it is too large. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > MOST_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
