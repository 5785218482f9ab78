import { ReceiptIcon } from "lucide-react";
import { Suspense } from "react";
import { type PaymentRow, PaymentTable } from "@/components/credits/payment-table";
import { PortalButton } from "@/components/credits/portal-button";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Pagination } from "@/components/ui/pagination";
import { Skeleton } from "@/components/ui/skeleton";
import { db } from "@/db/client";
import { listPayments, type PaymentView } from "@/db/queries/payments";
import { requireUser } from "@/lib/auth/session";
import { paymentsEnabled } from "@/lib/billing/stripe";
import { pageNumber } from "../../typed-input";
import { openPortal } from "../payment-actions";

export const metadata = { title: "Payments" };

const PAGE = 50;

export default async function PaymentsPage({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const { accountId } = await requireUser();
  const page = pageNumber((await searchParams).page);
  return (
    <>
      <PageHeader title="Payments" description="Credits that you bought, with their receipts and invoices.">
        {paymentsEnabled() && <PortalButton open={openPortal} />}
      </PageHeader>
      <Suspense key={page} fallback={<Skeleton className="h-64 w-full" />}>
        <Payments accountId={accountId} page={page} />
      </Suspense>
    </>
  );
}

async function Payments({ accountId, page }: { accountId: string; page: number }) {
  const rows = await listPayments(db(), accountId, { offset: (page - 1) * PAGE, limit: PAGE + 1 });
  if (rows.length === 0)
    return (
      <Empty icon={<ReceiptIcon />} title="No payments">
        Each purchase of credits stands here, with its receipt. Credits that you were given are in the ledger.
      </Empty>
    );
  const older = rows.length > PAGE ? `/credits/payments?page=${page + 1}` : undefined;
  const newer = page > 1 ? `/credits/payments?page=${page - 1}` : undefined;
  return (
    <div className="grid gap-4">
      <PaymentTable rows={rows.slice(0, PAGE).map(toRow)} />
      {(older || newer) && <Pagination newer={newer} older={older} />}
    </div>
  );
}

const toRow = (payment: PaymentView): PaymentRow => ({
  id: payment.id,
  at: payment.createdAt,
  kind: payment.kind,
  status: payment.status,
  creditsMinor: payment.expectedAmountMinor,
  feeMinor: payment.feeMinor,
  taxMinor: payment.taxMinor,
  refunded: payment.refundedNano,
  disputed: payment.disputedNano,
  refused: payment.refusal !== null,
  receiptUrl: payment.receiptUrl,
  invoiceUrl: payment.invoiceUrl,
});
