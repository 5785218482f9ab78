import Stripe from "stripe";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";

/** Whether users can buy credits here. */
export const paymentsEnabled = () => env().STRIPE_SECRET_KEY !== undefined;

/** Whether the key moves real money; what comes from Stripe must say the same of itself. */
export const isLive = () => /^(sk|rk)_live_/.test(env().STRIPE_SECRET_KEY ?? "");

/** @throws AppError `service_unavailable` where payments are not set up. */
export function stripe(): Stripe {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: address } = env();
  if (key === undefined) throw new AppError("service_unavailable", "Credits cannot be bought on this server.");
  return processWide("stripe", () => {
    const url = new URL(address ?? "https://api.stripe.com");
    return new Stripe(key, {
      host: url.hostname,
      port: url.port || (url.protocol === "http:" ? 80 : 443),
      protocol: url.protocol === "http:" ? "http" : "https",
      timeout: 20_000,
      maxNetworkRetries: 2,
      telemetry: false,
    });
  });
}

/**
 * Asks Stripe on behalf of a user who waits. What went wrong is in the log, without what was asked.
 *
 * @throws AppError `service_unavailable`
 */
export async function asking<T>(what: string, ask: (client: Stripe) => Promise<T>): Promise<T> {
  const client = stripe();
  try {
    return await ask(client);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    log().error({ what, stripe: describeStripeError(error) }, "Stripe did not do what it was asked");
    throw new AppError("service_unavailable", "The payment service does not answer. Try again in a moment.", {
      retryAfter: 30,
    });
  }
}

/** What an operator needs to find it in Stripe's own log. Stripe's words may quote what was sent. */
export const describeStripeError = ({
  type,
  code,
  decline_code,
  statusCode,
  requestId,
}: Stripe.errors.StripeError) => ({
  type,
  code,
  declineCode: decline_code,
  status: statusCode,
  requestId,
});

/** The id of what a field refers to, whether or not Stripe has put the object itself there. */
export const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === "object" ? (reference?.id ?? null) : (reference ?? null);
