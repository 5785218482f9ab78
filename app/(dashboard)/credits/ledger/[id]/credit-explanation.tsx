import { Fact, Facts } from "@/components/credits/facts";
import { db } from "@/db/client";
import { findCreditReason } from "@/db/queries/credit-reason";
import type { LedgerRow } from "@/db/queries/ledger";
import { StripeExplanation } from "./stripe-explanation";

const origins: Record<string, string> = {
  operator: "Whoever runs this server decided on it.",
  redemption_code: "A code was redeemed.",
  sign_up: "A gift for signing up.",
};

/** Where credits came from, or why they went. */
export function CreditExplanation({ accountId, row }: { accountId: string; row: LedgerRow }) {
  return (
    <section>
      <h2 className="mb-3 text-[15px] font-medium">Where it comes from</h2>
      {row.source === "stripe" ? (
        <StripeExplanation accountId={accountId} row={row} />
      ) : (
        <Decision accountId={accountId} row={row} />
      )}
    </section>
  );
}

async function Decision({ accountId, row }: { accountId: string; row: LedgerRow }) {
  const reason = await findCreditReason(db(), accountId, row);
  return (
    <Facts>
      <Fact name="Origin">{origins[row.source] ?? row.source}</Fact>
      {reason && <Fact name="Reason">{reason}</Fact>}
      {row.source !== "sign_up" && (
        <Fact name="Reference">
          <code className="font-mono text-[13px] break-all">{row.sourceId}</code>
        </Fact>
      )}
    </Facts>
  );
}
