import Link from "next/link";
import type { Nanos } from "@/lib/money";
import { LocalTime } from "../local-time";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { kindName } from "./ledger-kinds";
import { SignedUsd } from "./signed-usd";

export type LedgerLine = {
  id: bigint;
  kind: string;
  /** What it was about, such as a model and a key's name. */
  detail: string | null;
  amount: Nanos;
  balance: Nanos;
  at: Date;
};

/** Lines of the ledger, newest first; each leads to its explanation. */
export function LedgerTable({ lines }: { lines: LedgerLine[] }) {
  return (
    <Table label="Ledger">
      <TableHeader>
        <TableRow>
          <TableHead>What</TableHead>
          <TableHead className="max-md:hidden">When</TableHead>
          <TableHead className="text-right">Amount</TableHead>
          <TableHead className="text-right max-sm:hidden">Balance after</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {lines.map((line) => (
          <TableRow key={line.id.toString()}>
            <TableCell className="min-w-40">
              <Link
                href={`/credits/ledger/${line.id}`}
                className="font-medium underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {kindName(line.kind)}
                <span className="sr-only"> of line {line.id.toString()}: explain</span>
              </Link>
              {line.detail && <p className="text-[13px] break-words text-muted-foreground">{line.detail}</p>}
              <p className="text-[13px] text-muted-foreground md:hidden">
                <LocalTime at={line.at} precision="second" />
              </p>
            </TableCell>
            <TableCell className="max-md:hidden">
              <LocalTime at={line.at} precision="second" />
            </TableCell>
            <TableNumber>
              <SignedUsd nanos={line.amount} />
              <p className="text-[13px] text-muted-foreground sm:hidden">
                leaves <Usd nanos={line.balance} />
              </p>
            </TableNumber>
            <TableNumber className="max-sm:hidden">
              <Usd nanos={line.balance} />
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
