import type { Nanos } from "@/lib/money";
import { kindName } from "../credits/ledger-kinds";
import { SignedUsd } from "../credits/signed-usd";
import { LocalTime } from "../local-time";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";

export type PersonLedgerLine = {
  id: bigint;
  kind: string;
  /** What it was booked for. */
  source: string;
  sourceId: string;
  amount: Nanos;
  balance: Nanos;
  at: Date;
};

/** Lines of a user's ledger, newest first. */
export function PersonLedger({ lines }: { lines: PersonLedgerLine[] }) {
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
              <p className="font-medium">{kindName(line.kind)}</p>
              <p className="font-mono text-xs break-all text-muted-foreground">
                {line.source.replaceAll("_", " ")} {line.sourceId}
              </p>
              <p className="text-[13px] text-muted-foreground md:hidden">
                <LocalTime at={line.at} precision="second" />
              </p>
            </TableCell>
            <TableCell className="max-md:hidden">
              <LocalTime at={line.at} precision="second" />
            </TableCell>
            <TableNumber>
              <SignedUsd nanos={line.amount} />
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
