import Link from "next/link";
import { Table, TableBody, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { milliseconds, perSecond, rate, whole } from "./figures";

export type ActivityRow = {
  name: string;
  /** Of its bars; none: it is among the rest. */
  colour: string | null;
  /** The page narrowed to it; none where it already is. */
  href: string | null;
  logHref: string;
  cost: bigint;
  requests: number;
  errors: number;
  promptTokens: number;
  completionTokens: number;
  firstTokenMs: number | null;
  speedTokens: number;
  speedMs: number;
};

/** What each series came to, the dearest first; the colours are those of the charts above. */
export function ActivityTable({ label, kind, rows }: { label: string; kind: string; rows: ActivityRow[] }) {
  return (
    <Table label={label}>
      <TableHeader>
        <TableRow>
          <TableHead>{kind}</TableHead>
          <TableHead className="text-right">Requests</TableHead>
          <TableHead className="text-right max-sm:hidden">Errors</TableHead>
          <TableHead className="text-right max-md:hidden">Tokens in</TableHead>
          <TableHead className="text-right max-md:hidden">Tokens out</TableHead>
          <TableHead className="text-right max-lg:hidden">First token</TableHead>
          <TableHead className="text-right max-lg:hidden">Tokens/s</TableHead>
          <TableHead className="text-right">Spend</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.name}>
            <th scope="row" className="min-w-36 px-3 py-2.5 text-left font-normal sm:px-4">
              <span className="flex items-baseline gap-2.5">
                <span
                  aria-hidden="true"
                  className="size-2.5 shrink-0 translate-y-px rounded-[3px]"
                  style={{ background: row.colour ?? "var(--chart-5)" }}
                />
                {row.href ? (
                  <Link
                    href={row.href}
                    className="min-w-0 font-medium break-words underline decoration-border underline-offset-4 hover:decoration-foreground"
                  >
                    {row.name}
                  </Link>
                ) : (
                  <span className="min-w-0 font-medium break-words">{row.name}</span>
                )}
              </span>
            </th>
            <TableNumber>
              <Link
                href={row.logHref}
                className="underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {whole(row.requests)}
                <span className="sr-only"> requests of {row.name}: show them</span>
              </Link>
            </TableNumber>
            <TableNumber className="max-sm:hidden">{rate(row.errors, row.requests)}</TableNumber>
            <TableNumber className="max-md:hidden">{whole(row.promptTokens)}</TableNumber>
            <TableNumber className="max-md:hidden">{whole(row.completionTokens)}</TableNumber>
            <TableNumber className="max-lg:hidden">{milliseconds(row.firstTokenMs)}</TableNumber>
            <TableNumber className="max-lg:hidden">{perSecond(row.speedTokens, row.speedMs)}</TableNumber>
            <TableNumber>
              <Usd nanos={row.cost} />
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
