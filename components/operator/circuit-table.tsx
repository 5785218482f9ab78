import Link from "next/link";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";

export type CircuitLine = {
  id: string;
  model: string;
  provider: string;
  circuit: "closed" | "open" | "half-open";
  throttled: boolean;
  /** Of the last five minutes. */
  answered: number;
  failed: number;
  /** Seconds to the first word, and tokens a second after it: the median. */
  latency: number | undefined;
  throughput: number | undefined;
};

const circuits = {
  closed: <Badge variant="success">Well</Badge>,
  open: <Badge variant="destructive">Circuit open</Badge>,
  "half-open": <Badge variant="warning">Tried with one</Badge>,
};

/** How endpoints fare just now, the ailing first. */
export function CircuitTable({ lines }: { lines: CircuitLine[] }) {
  return (
    <Table label="Endpoints">
      <TableHeader>
        <TableRow>
          <TableHead>Endpoint</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="text-right">Failed</TableHead>
          <TableHead className="text-right max-md:hidden">First word</TableHead>
          <TableHead className="text-right max-md:hidden">Tokens/s</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {lines.map((line) => (
          <TableRow key={line.id}>
            <TableCell className="min-w-32">
              <Link
                href={`/operator/models/${line.model}`}
                className="font-medium break-all underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {line.model}
              </Link>
              <p className="text-[13px] text-muted-foreground">{line.provider}</p>
            </TableCell>
            <TableCell>
              <span className="flex flex-wrap gap-1">
                {circuits[line.circuit]}
                {line.throttled && <Badge variant="warning">Throttled</Badge>}
              </span>
            </TableCell>
            <TableNumber>
              {line.failed.toLocaleString("en-US")} of {(line.answered + line.failed).toLocaleString("en-US")}
            </TableNumber>
            <TableNumber className="max-md:hidden">
              {line.latency === undefined ? "–" : `${line.latency.toFixed(2)} s`}
            </TableNumber>
            <TableNumber className="max-md:hidden">
              {line.throughput === undefined ? "–" : Math.round(line.throughput).toLocaleString("en-US")}
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
