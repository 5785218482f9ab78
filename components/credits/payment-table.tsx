import { ExternalLinkIcon } from "lucide-react";
import type { Nanos } from "@/lib/money";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { centsToNanos } from "./cents";

export type PaymentRow = {
  id: string;
  at: Date;
  kind: "checkout" | "auto";
  status: "pending" | "paid" | "failed" | "expired";
  /** US cents: the credits, and what was paid on top of them. */
  creditsMinor: number;
  feeMinor: number;
  taxMinor: number;
  refunded: Nanos;
  disputed: Nanos;
  refused: boolean;
  receiptUrl: string | null;
  invoiceUrl: string | null;
};

const statuses = {
  paid: { label: "Paid", variant: "success" },
  pending: { label: "Not paid yet", variant: "outline" },
  failed: { label: "Failed", variant: "destructive" },
  expired: { label: "Expired", variant: "outline" },
} as const;

/** Purchases, newest first, each with its receipt and invoice at Stripe. */
export function PaymentTable({ rows }: { rows: PaymentRow[] }) {
  return (
    <Table label="Payments">
      <TableHeader>
        <TableRow>
          <TableHead>When</TableHead>
          <TableHead className="max-sm:hidden">State</TableHead>
          <TableHead className="text-right">Credits</TableHead>
          <TableHead className="text-right max-sm:hidden">Fee and tax</TableHead>
          <TableHead className="text-right max-sm:hidden">Paid</TableHead>
          <TableHead className="max-sm:hidden">Papers</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <Payment key={row.id} row={row} />
        ))}
      </TableBody>
    </Table>
  );
}

function Payment({ row }: { row: PaymentRow }) {
  const extra = row.feeMinor + row.taxMinor;
  return (
    <TableRow>
      <TableCell>
        <LocalTime at={row.at} />
        {row.kind === "auto" && <p className="text-[13px] text-muted-foreground">Auto top-up</p>}
        <div className="mt-1 grid justify-items-start gap-1 sm:hidden">
          <State row={row} />
          <Papers row={row} />
        </div>
      </TableCell>
      <TableCell className="max-sm:hidden">
        <State row={row} />
      </TableCell>
      <TableNumber>
        <Usd nanos={centsToNanos(row.creditsMinor)} />
      </TableNumber>
      <TableNumber className="max-sm:hidden">
        <Usd nanos={centsToNanos(extra)} />
      </TableNumber>
      <TableNumber className="max-sm:hidden">
        {row.status === "paid" ? <Usd nanos={centsToNanos(row.creditsMinor + extra)} /> : "–"}
      </TableNumber>
      <TableCell className="max-sm:hidden">
        <Papers row={row} />
      </TableCell>
    </TableRow>
  );
}

function State({ row }: { row: PaymentRow }) {
  const status = row.refused ? ({ label: "Needs a look", variant: "warning" } as const) : statuses[row.status];
  return (
    <>
      <Badge variant={status.variant}>{status.label}</Badge>
      {row.refunded > 0n && (
        <p className="text-[13px] text-muted-foreground">
          <Usd nanos={row.refunded} /> refunded
        </p>
      )}
      {row.disputed > 0n && (
        <p className="text-[13px] text-warning">
          <Usd nanos={row.disputed} /> disputed
        </p>
      )}
    </>
  );
}

const Papers = ({ row }: { row: PaymentRow }) => (
  <div className="flex gap-3 whitespace-nowrap">
    <Paper href={row.receiptUrl}>Receipt</Paper>
    <Paper href={row.invoiceUrl}>Invoice</Paper>
  </div>
);

function Paper({ href, children }: { href: string | null; children: string }) {
  if (!href) return null;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 text-[13px] underline underline-offset-4"
    >
      {children} <ExternalLinkIcon className="size-3" aria-label="opens at Stripe" />
    </a>
  );
}
