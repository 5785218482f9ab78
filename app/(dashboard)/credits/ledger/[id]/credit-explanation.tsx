import { Fact, Facts } from "@/components/credits/facts";
import { db } from "@/db/client";
import { findCreditReason } from "@/db/queries/credit-reason";
import type { LedgerRow } from "@/db/queries/ledger";

const origins: Record<string, string> = {
  operator: "Whoever runs this server decided on it.",
  redemption_code: "A code was redeemed.",
  sign_up: "A gift for signing up.",
  stripe: "A payment through Stripe.",
};

/** Where credits came from, or why they went. */
export async function CreditExplanation({ accountId, row }: { accountId: string; row: LedgerRow }) {
  const reason = await findCreditReason(db(), accountId, row);
  return (
    <section>
      <h2 className="mb-3 text-[15px] font-medium">Where it comes from</h2>
      <Facts>
        <Fact name="Origin">{origins[row.source] ?? row.source}</Fact>
        {reason && <Fact name="Reason">{reason}</Fact>}
        {row.source !== "sign_up" && (
          <Fact name="Reference">
            <code className="font-mono text-[13px] break-all">{row.sourceId}</code>
          </Fact>
        )}
      </Facts>
    </section>
  );
}
