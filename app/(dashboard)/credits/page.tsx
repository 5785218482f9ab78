import { type ReactNode, Suspense } from "react";
import { Balance } from "@/components/credits/balance";
import { FrozenNotice } from "@/components/credits/frozen-notice";
import { RedeemForm } from "@/components/credits/redeem-form";
import { PageHeader } from "@/components/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { db } from "@/db/client";
import { listFreezes } from "@/db/queries/account-freezes";
import { findAccount } from "@/db/queries/accounts";
import { requireUser } from "@/lib/auth/session";
import { redeem } from "./actions";
import { AutoTopUpCard, BuyCard } from "./payment-cards";
import { type PurchaseAddress, returnedPurchase } from "./returned-purchase";

export const metadata = { title: "Credits" };

export default async function CreditsPage({ searchParams }: { searchParams: Promise<PurchaseAddress> }) {
  const { accountId } = await requireUser();
  const purchase = returnedPurchase(accountId, await searchParams);
  return (
    <>
      <PageHeader title="Credits" description="You pay before you use: what you have not put in cannot be spent." />
      <div className="grid gap-5">
        <Suspense fallback={<Skeleton className="h-40 w-full" />}>
          <Account accountId={accountId} purchase={purchase} />
        </Suspense>
        <div className="grid items-start gap-5 md:grid-cols-2">
          <BuyCard />
          <div className="grid gap-5">
            <Suspense fallback={<Skeleton className="h-64 w-full" />}>
              <AutoTopUpCard accountId={accountId} purchase={purchase} />
            </Suspense>
            <RedeemForm redeem={redeem} />
          </div>
        </div>
      </div>
    </>
  );
}

/** The balance is read after the purchase that its buyer comes back from is booked. */
async function Account({ accountId, purchase }: { accountId: string; purchase: Promise<ReactNode> }) {
  const became = await purchase;
  const [account, freezes] = await Promise.all([findAccount(db(), accountId), listFreezes(db(), accountId)]);
  return (
    <>
      {became}
      <FrozenNotice freezes={freezes.map(({ reason, createdAt }) => ({ reason, since: createdAt }))} />
      <Balance posted={account?.postedNano ?? 0n} held={account?.heldNano ?? 0n} />
    </>
  );
}
