import { db } from "@/db/client";
import {
  type AutoTopUp,
  type AutoTopUpRun,
  disableAutoTopUp,
  findAutoTopUp,
  findLatestAutoTopUpRun,
  saveAutoTopUp,
  sumBoughtToday,
} from "@/db/queries/auto-top-ups";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { parseUsd } from "@/lib/money";
import { asking } from "./stripe";
import { customerOf } from "./stripe-customer";
import { checkAmount, topUpLimits } from "./top-up-amount";

/** US cents, but for the threshold, which is US dollars as text, such as "10" or "2.50". From a browser: checked here. */
export type AutoTopUpWish = {
  threshold: string;
  amountMinor: unknown;
  dailyCapMinor: unknown;
  paymentMethodId: string;
};

export type AutoTopUpState = {
  settings: AutoTopUp | undefined;
  /** The last purchase: under way while `open`. */
  latestRun: AutoTopUpRun | undefined;
  /** US cents of this UTC day, which count towards the cap. */
  boughtTodayMinor: number;
};

/** Where the tax is worked out at the checkout, nothing is bought without one. */
export const autoTopUpsEnabled = () => env().STRIPE_SECRET_KEY !== undefined && env().STRIPE_AUTOMATIC_TAX !== "on";

export async function autoTopUpState(accountId: string): Promise<AutoTopUpState> {
  const [settings, latestRun, boughtTodayMinor] = await Promise.all([
    findAutoTopUp(db(), accountId),
    findLatestAutoTopUpRun(db(), accountId),
    sumBoughtToday(db(), accountId),
  ]);
  return { settings, latestRun, boughtTodayMinor };
}

/**
 * Saves the settings and switches them on; a pause ends with it.
 *
 * @throws AppError `invalid_request`, also for a card that is not the account's own; `service_unavailable`
 */
export async function setAutoTopUp(accountId: string, wish: AutoTopUpWish): Promise<AutoTopUp> {
  if (!autoTopUpsEnabled()) throw new AppError("service_unavailable", "Credits are not bought automatically here.");
  const amountMinor = checkAmount(wish.amountMinor);
  const dailyCapMinor = checkDailyCap(wish.dailyCapMinor, amountMinor);
  const thresholdNano = checkThreshold(wish.threshold);
  await requireOwnCard(accountId, wish.paymentMethodId);
  return saveAutoTopUp(db(), accountId, {
    thresholdNano,
    amountMinor,
    dailyCapMinor,
    paymentMethodId: wish.paymentMethodId,
  });
}

export const switchOffAutoTopUp = (accountId: string): Promise<void> => disableAutoTopUp(db(), accountId);

function checkDailyCap(cap: unknown, amountMinor: number): number {
  if (typeof cap !== "number" || !Number.isInteger(cap))
    throw new AppError("invalid_request", "The daily cap must be a whole number of US cents.");
  const most = topUpLimits().mostMinor * 10;
  if (cap < amountMinor || cap > most)
    throw new AppError("invalid_request", `The daily cap must be between $${amountMinor / 100} and $${most / 100}.`);
  return cap;
}

function checkThreshold(text: string): bigint {
  try {
    const threshold = parseUsd(text);
    if (threshold > 0n && threshold <= BigInt(topUpLimits().mostMinor) * 10_000_000n) return threshold;
  } catch {
    // Said below, in the same words.
  }
  throw new AppError(
    "invalid_request",
    `The threshold must be US dollars, more than 0 and at most ${topUpLimits().mostMinor / 100}.`,
  );
}

/** Asked of Stripe, by customer and card together: another account's card is not there. */
async function requireOwnCard(accountId: string, paymentMethodId: string): Promise<void> {
  const customer = await customerOf(accountId);
  const { data } = await asking("look at a card", (stripe) =>
    stripe.customers.listPaymentMethods(customer, { type: "card", limit: 100 }),
  );
  if (!data.some(({ id }) => id === paymentMethodId))
    throw new AppError("invalid_request", "Choose one of the cards that are saved for this account.");
}
