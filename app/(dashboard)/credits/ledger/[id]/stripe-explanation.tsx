import { centsToNanos } from "@/components/credits/cents";
import { Fact, Facts } from "@/components/credits/facts";
import { LocalTime } from "@/components/local-time";
import { Usd } from "@/components/usd";
import { db } from "@/db/client";
import type { LedgerRow } from "@/db/queries/ledger";
import { findStripeLine } from "@/db/queries/stripe-line";

type Found = NonNullable<Awaited<ReturnType<typeof findStripeLine>>>;

/** A payment, or what became of one later: who, when, how much, and its papers. */
export async function StripeExplanation({ accountId, row }: { accountId: string; row: LedgerRow }) {
  const found = await findStripeLine(db(), accountId, row);
  if (!found) return <p className="text-sm text-muted-foreground">A payment through Stripe: {row.sourceId}</p>;
  const { payment, buyer, refund, dispute } = found;
  return (
    <Facts>
      {refund && <Fact name="Refund">{refund.status}</Fact>}
      {dispute && <DisputeFact dispute={dispute} />}
      <Fact name="Payment">
        {payment.kind === "auto" ? "Bought by auto top-up" : "Bought on Stripe's page"}
        {buyer && `, by ${buyer}`}
      </Fact>
      <Fact name="Begun">
        <LocalTime at={payment.createdAt} precision="second" />
      </Fact>
      <Fact name="Credits">
        <Usd nanos={centsToNanos(payment.expectedAmountMinor)} />
      </Fact>
      <Fact name="Fee and tax, on top">
        <Usd nanos={centsToNanos(payment.feeMinor + payment.taxMinor)} />
      </Fact>
      {payment.receiptUrl && <Paper name="Receipt" href={payment.receiptUrl} />}
      {payment.invoiceUrl && <Paper name="Invoice" href={payment.invoiceUrl} />}
      <Fact name="At Stripe">
        <code className="font-mono text-[13px] break-all">{row.sourceId}</code>
      </Fact>
    </Facts>
  );
}

const DisputeFact = ({ dispute: { status, reason, funds } }: { dispute: NonNullable<Found["dispute"]> }) => (
  <Fact name="Dispute">
    {status.replaceAll("_", " ")}
    {reason && `, ${reason.replaceAll("_", " ")}`}
    {funds === "reinstated" && ": the money was given back"}
    {funds === "withdrawn" && ": the bank holds the money until it is decided"}
  </Fact>
);

const Paper = ({ name, href }: { name: string; href: string }) => (
  <Fact name={name}>
    <a href={href} target="_blank" rel="noreferrer" className="underline underline-offset-4">
      Open it at Stripe
    </a>
  </Fact>
);
