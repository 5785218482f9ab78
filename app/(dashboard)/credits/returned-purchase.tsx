import { PurchaseReturn, type PurchaseState } from "@/components/credits/purchase-return";
import { confirmCheckout } from "@/lib/billing/checkout";
import { forgetSavedCards } from "@/lib/billing/saved-cards";
import { log } from "@/lib/log";

/** As Stripe sends a buyer back. */
export type PurchaseAddress = { session_id?: string; canceled?: string };

/** What became of the purchase that the address speaks of; nothing where it speaks of none. */
export async function returnedPurchase(accountId: string, { session_id, canceled }: PurchaseAddress) {
  if (canceled) return <PurchaseReturn state={{ status: "canceled" }} />;
  if (typeof session_id !== "string") return null;
  const state = await stateOf(accountId, session_id);
  return <PurchaseReturn key={state.status} state={state} />;
}

async function stateOf(accountId: string, sessionId: string): Promise<PurchaseState> {
  try {
    const payment = await confirmCheckout(accountId, sessionId);
    // A webhook may have been first, in a process that knows nothing of our memory.
    forgetSavedCards(accountId);
    if (!payment) return { status: "unknown" };
    if (payment.status === "paid") return { status: "paid", credited: payment.creditedNano };
    return { status: payment.refusal === null ? payment.status : "refused" };
  } catch (error) {
    log().warn({ err: error }, "a checkout could not be looked at when its buyer came back");
    return { status: "unreachable" };
  }
}
