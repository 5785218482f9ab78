import { AutoTopUpForm } from "@/components/credits/auto-top-up-form";
import { BuyForm } from "@/components/credits/buy-form";
import { NoPayments } from "@/components/credits/no-payments";
import { autoTopUpState, autoTopUpsEnabled } from "@/lib/billing/auto-top-up-settings";
import { listSavedCards } from "@/lib/billing/saved-cards";
import { paymentsEnabled } from "@/lib/billing/stripe";
import { topUpLimits } from "@/lib/billing/top-up-amount";
import { log } from "@/lib/log";
import { buyCredits, saveAutoTopUp, stopAutoTopUp } from "./payment-actions";

export function BuyCard() {
  if (!paymentsEnabled()) return <NoPayments />;
  return <BuyForm limits={topUpLimits()} canSaveCard={autoTopUpsEnabled()} buy={buyCredits} />;
}

/** After the purchase that its buyer comes back from: it may have left a card. */
export async function AutoTopUpCard({ accountId, purchase }: { accountId: string; purchase: Promise<unknown> }) {
  if (!autoTopUpsEnabled()) return null;
  await purchase;
  const [{ settings, latestRun, boughtTodayMinor }, cards] = await Promise.all([
    autoTopUpState(accountId),
    cardsOrNone(accountId),
  ]);
  const shown = settings && {
    enabled: settings.enabled,
    threshold: settings.thresholdNano,
    amountMinor: settings.amountMinor,
    dailyCapMinor: settings.dailyCapMinor,
    cardId: settings.paymentMethodId,
    paused:
      settings.pausedReason && settings.pausedAt ? { reason: settings.pausedReason, at: settings.pausedAt } : null,
  };
  return (
    <AutoTopUpForm
      key={settings?.updatedAt.getTime()}
      settings={shown ?? null}
      cards={cards}
      boughtTodayMinor={boughtTodayMinor}
      buying={latestRun?.status === "open"}
      save={saveAutoTopUp}
      switchOff={stopAutoTopUp}
    />
  );
}

/** The rest of the page does not wait for Stripe's good days. */
const cardsOrNone = (accountId: string) =>
  listSavedCards(accountId).catch((error: unknown) => {
    log().warn({ err: error }, "the saved cards could not be listed");
    return [];
  });
