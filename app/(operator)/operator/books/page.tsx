import { Suspense } from "react";
import { Fact, Facts } from "@/components/credits/facts";
import { LocalTime } from "@/components/local-time";
import { Decision } from "@/components/operator/decision";
import { DifferenceList } from "@/components/operator/difference-list";
import { PageHeader } from "@/components/page-header";
import { Badge } from "@/components/ui/badge";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { findLastRun, type ReconciliationRun } from "@/db/queries/reconciliation";
import { requireOperator } from "@/lib/auth/session";
import { checkBooksAction } from "../actions";

export const metadata = { title: "Books" };

export default async function BooksPage() {
  const operator = await requireOperator();
  return (
    <>
      <PageHeader
        title="Books"
        description="Balances, holds, limits and the log are held against the ledger every minute. A difference freezes the account that it is about; nothing mends it but you."
      >
        <Decision
          label="Check now"
          title="Check the books now?"
          action={checkBooksAction}
          input={{}}
          done="The books were checked."
        >
          What has changed since the last check is checked, as it is every minute.
        </Decision>
      </PageHeader>
      <Suspense fallback={<Skeleton className="h-48 w-full" />}>
        <Runs operator={operator} />
      </Suspense>
    </>
  );
}

async function Runs({ operator }: { operator: Operator }) {
  const [minute, full] = await Promise.all([
    findLastRun(operator.database, "minute"),
    findLastRun(operator.database, "full"),
  ]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <Run title="What changed" description="Every minute." run={minute} />
      <Run title="The whole" description="By npm run money:check, on a connection of its own." run={full} />
    </div>
  );
}

function Run({ title, description, run }: { title: string; description: string; run: ReconciliationRun | undefined }) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>{title}</CardTitle>
        <CardDescription>{description}</CardDescription>
      </CardHeader>
      <CardContent className="grid gap-4">
        {run ? (
          <>
            <Facts>
              <Fact name="Checked">
                <LocalTime at={run.startedAt} precision="second" />
              </Fact>
              <Fact name="It took">{run.tookMs.toLocaleString("en-US")} ms</Fact>
              <Fact name="Differences">
                {run.differences === 0 ? (
                  <Badge variant="success">None</Badge>
                ) : (
                  <Badge variant="destructive">{run.differences.toLocaleString("en-US")}</Badge>
                )}
              </Fact>
            </Facts>
            {run.details.length > 0 && (
              <DifferenceList
                differences={run.details.map(({ check, account_id, subject, figures }) => ({
                  ...{ check, subject, figures },
                  accountId: account_id,
                }))}
              />
            )}
          </>
        ) : (
          <p className="text-sm text-muted-foreground">Not yet.</p>
        )}
      </CardContent>
    </Card>
  );
}
