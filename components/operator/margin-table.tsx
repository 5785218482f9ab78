import type { Nanos } from "@/lib/money";
import { SignedUsd } from "../credits/signed-usd";
import { Table, TableBody, TableCell, TableFooter, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";

export type MarginRow = {
  name: string;
  requests: number;
  charged: Nanos;
  cost: Nanos;
  /** Of the cost, what was beyond the holds. */
  overage: Nanos;
};

/** What users paid against what providers charge for it. */
export function MarginTable({ rows, heading }: { rows: MarginRow[]; heading: string }) {
  const total = rows.reduce(
    (sum, row) => ({
      name: "Together",
      requests: sum.requests + row.requests,
      charged: sum.charged + row.charged,
      cost: sum.cost + row.cost,
      overage: sum.overage + row.overage,
    }),
    { name: "Together", requests: 0, charged: 0n, cost: 0n, overage: 0n },
  );
  return (
    <Table label="Margin">
      <TableHeader>
        <TableRow>
          <TableHead>{heading}</TableHead>
          <TableHead className="text-right max-md:hidden">Requests</TableHead>
          <TableHead className="text-right max-sm:hidden">Users paid</TableHead>
          <TableHead className="text-right max-sm:hidden">Providers cost</TableHead>
          <TableHead className="text-right max-lg:hidden">Of it, beyond holds</TableHead>
          <TableHead className="text-right">Margin</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <Line key={row.name} row={row} />
        ))}
      </TableBody>
      <TableFooter>
        <Line row={total} />
      </TableFooter>
    </Table>
  );
}

function Line({ row: { name, requests, charged, cost, overage } }: { row: MarginRow }) {
  return (
    <TableRow>
      <TableCell className="break-all">
        {name || "Nobody answered"}
        <p className="text-[13px] text-muted-foreground sm:hidden">
          <Usd nanos={charged} /> for <Usd nanos={cost} />
        </p>
      </TableCell>
      <TableNumber className="max-md:hidden">{requests.toLocaleString("en-US")}</TableNumber>
      <TableNumber className="max-sm:hidden">
        <Usd nanos={charged} />
      </TableNumber>
      <TableNumber className="max-sm:hidden">
        <Usd nanos={cost} />
      </TableNumber>
      <TableNumber className="max-lg:hidden">
        <Usd nanos={overage} />
      </TableNumber>
      <TableNumber>
        <SignedUsd nanos={charged - cost} />
      </TableNumber>
    </TableRow>
  );
}
