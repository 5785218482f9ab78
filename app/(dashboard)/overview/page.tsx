import Link from "next/link";
import { Suspense } from "react";
import { FirstSteps } from "@/components/overview/first-steps";
import { RecentGenerations } from "@/components/overview/recent-generations";
import { PageHeader } from "@/components/page-header";
import { Card, CardContent } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { Usd } from "@/components/usd";
import { db } from "@/db/client";
import { findAccount } from "@/db/queries/accounts";
import { listRecentGenerations, sumToday } from "@/db/queries/generation-list";
import { listKeysOfKind } from "@/db/queries/key-list";
import { requireUser } from "@/lib/auth/session";
import { publicOrigin } from "../../(site)/origin";
import { exampleModel } from "../example-model";

export const metadata = { title: "Overview" };

const RECENT = 10;

export default async function OverviewPage() {
  const { accountId } = await requireUser();
  return (
    <>
      <PageHeader title="Overview" />
      <Suspense fallback={<Skeleton className="h-96 w-full" />}>
        <Overview accountId={accountId} />
      </Suspense>
    </>
  );
}

async function Overview({ accountId }: { accountId: string }) {
  const [account, today, recent, keys, origin, model] = await Promise.all([
    findAccount(db(), accountId),
    sumToday(db(), accountId),
    listRecentGenerations(db(), accountId, RECENT),
    listKeysOfKind(db(), accountId, "inference", { offset: 0, most: 1 }),
    publicOrigin(),
    exampleModel(),
  ]);
  const posted = account?.postedNano ?? 0n;
  const [hasKey, hasCredits, hasCalled] = [keys.length > 0, posted > 0n, recent.length > 0];
  const example = `curl ${origin}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENROUTER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;
  return (
    <div className="grid gap-5">
      <Card>
        <CardContent>
          <dl className="grid gap-5 sm:grid-cols-3">
            <Figure name="Available">
              <Usd nanos={posted - (account?.heldNano ?? 0n)} />
            </Figure>
            <Figure name="Spent today, in UTC">
              <Usd nanos={today.spentNano} />
            </Figure>
            <Figure name="Requests today">{today.requests.toLocaleString("en-US")}</Figure>
          </dl>
        </CardContent>
      </Card>
      {!(hasKey && hasCredits && hasCalled) && (
        <FirstSteps hasKey={hasKey} hasCredits={hasCredits} hasCalled={hasCalled} example={example} />
      )}
      {hasCalled && (
        <section className="grid gap-3">
          <h2 className="text-[15px] font-medium">The last requests</h2>
          <RecentGenerations
            rows={recent.map(({ createdAt, modelSlug, costNano, ...row }) => ({
              ...row,
              at: createdAt,
              model: modelSlug,
              cost: costNano,
            }))}
          />
          <p className="text-[13px] text-muted-foreground">
            How each cost came about is in the{" "}
            <Link href="/credits/ledger" className="underline underline-offset-4">
              ledger
            </Link>
            .
          </p>
        </section>
      )}
    </div>
  );
}

const Figure = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="grid gap-1">
    <dt className="text-sm text-muted-foreground">{name}</dt>
    <dd className="text-xl font-semibold tracking-tight tabular-nums">{children}</dd>
  </div>
);
