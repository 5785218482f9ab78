import Link from "next/link";
import { notFound } from "next/navigation";
import { Fact, Facts } from "@/components/credits/facts";
import { kindName } from "@/components/credits/ledger-kinds";
import { SignedUsd } from "@/components/credits/signed-usd";
import { LocalTime } from "@/components/local-time";
import { PageHeader } from "@/components/page-header";
import { Usd } from "@/components/usd";
import { db } from "@/db/client";
import { type BalancedRow, findLedgerRow } from "@/db/queries/ledger";
import { requireUser } from "@/lib/auth/session";
import { explainGeneration } from "@/lib/gateway/explained-generation";
import { GenerationBill } from "../../../activity/[generation]/generation-bill";
import { CreditExplanation } from "./credit-explanation";

export const metadata = { title: "A line of the ledger" };

/** Why a line of the ledger is what it is. */
export default async function LedgerLinePage({ params }: { params: Promise<{ id: string }> }) {
  const { accountId } = await requireUser();
  const { id } = await params;
  const row = /^\d{1,18}$/.test(id) ? await findLedgerRow(db(), accountId, BigInt(id)) : undefined;
  if (!row) notFound();
  return (
    <>
      <PageHeader
        title={kindName(row.kind)}
        description={
          <>
            Line {id} of the{" "}
            <Link href="/credits/ledger" className="underline underline-offset-4">
              ledger
            </Link>
          </>
        }
      />
      <div className="grid gap-8">
        <Line row={row} />
        {row.source === "generation" ? (
          <Usage accountId={accountId} generationId={row.sourceId} />
        ) : (
          <CreditExplanation accountId={accountId} row={row} />
        )}
      </div>
    </>
  );
}

async function Usage({ accountId, generationId }: { accountId: string; generationId: string }) {
  const explained = await explainGeneration(accountId, generationId);
  if (!explained)
    return <p className="text-sm text-muted-foreground">The log of this request is no longer kept: {generationId}</p>;
  return <GenerationBill accountId={accountId} explained={explained} />;
}

function Line({ row }: { row: BalancedRow }) {
  return (
    <Facts>
      <Fact name="Amount">
        <SignedUsd nanos={row.amountNano} />
      </Fact>
      <Fact name="Balance before">
        <Usd nanos={row.balanceNano - row.amountNano} />
      </Fact>
      <Fact name="Balance after">
        <Usd nanos={row.balanceNano} />
      </Fact>
      <Fact name="Booked">
        <LocalTime at={row.createdAt} precision="second" />
      </Fact>
    </Facts>
  );
}
