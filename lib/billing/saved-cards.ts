import { db } from "@/db/client";
import { findStripeCustomer } from "@/db/queries/stripe-customers";
import { env } from "@/lib/env";
import { processWide } from "@/lib/process-wide";
import { asking } from "./stripe";
import { customerOf } from "./stripe-customer";

export type SavedCard = { id: string; brand: string; last4: string; expMonth: number; expYear: number };

const FRESH_MS = 30_000;
const MOST_REMEMBERED = 1_000;

const remembered = () => processWide("saved-cards", () => new Map<string, { at: number; cards: SavedCard[] }>());

/**
 * The cards that the account has left with Stripe. Looked up there, and remembered for half a minute.
 *
 * @throws AppError `service_unavailable`
 */
export async function listSavedCards(accountId: string): Promise<SavedCard[]> {
  const known = remembered().get(accountId);
  if (known && performance.now() - known.at < FRESH_MS) return known.cards;
  const customer = await findStripeCustomer(db(), accountId);
  if (customer === undefined) return [];
  const { data } = await asking("list the cards", (stripe) =>
    stripe.customers.listPaymentMethods(customer, { type: "card", limit: 20 }),
  );
  const cards = data.flatMap(({ id, card }) =>
    card ? [{ id, brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year }] : [],
  );
  if (remembered().size >= MOST_REMEMBERED) remembered().clear();
  remembered().set(accountId, { at: performance.now(), cards });
  return cards;
}

export const forgetSavedCards = (accountId: string) => void remembered().delete(accountId);

/**
 * The address of Stripe's page where the user sees his invoices and removes or adds cards.
 *
 * @throws AppError `service_unavailable`
 */
export async function openBillingPortal(accountId: string, origin: string): Promise<string> {
  const customer = await customerOf(accountId);
  const base = (env().APP_URL ?? origin).replace(/\/$/, "");
  const session = await asking("open the billing portal", (stripe) =>
    stripe.billingPortal.sessions.create({ customer, return_url: `${base}/credits` }),
  );
  forgetSavedCards(accountId);
  return session.url;
}
