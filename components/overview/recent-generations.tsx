import type { Nanos } from "@/lib/money";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";

export type RecentGeneration = {
  id: string;
  at: Date;
  model: string;
  keyName: string | null;
  outcome: "completed" | "cancelled" | "failed" | "expired";
  inputTokens: number;
  outputTokens: number;
  cost: Nanos;
};

const outcomes = {
  completed: null,
  cancelled: { label: "Hung up", variant: "outline" },
  failed: { label: "Failed", variant: "destructive" },
  expired: { label: "Cut off", variant: "warning" },
} as const;

/** The last requests, each with what it cost. */
export function RecentGenerations({ rows }: { rows: RecentGeneration[] }) {
  return (
    <Table label="The last requests">
      <TableHeader>
        <TableRow>
          <TableHead>Model</TableHead>
          <TableHead className="max-md:hidden">When</TableHead>
          <TableHead className="text-right max-sm:hidden">Tokens in</TableHead>
          <TableHead className="text-right max-sm:hidden">Tokens out</TableHead>
          <TableHead className="text-right">Cost</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map(({ id, at, model, keyName, outcome, inputTokens, outputTokens, cost }) => {
          const badge = outcomes[outcome];
          return (
            <TableRow key={id}>
              <TableCell className="min-w-40">
                <span className="flex flex-wrap items-center gap-2 font-medium break-words">
                  {model}
                  {badge && <Badge variant={badge.variant}>{badge.label}</Badge>}
                </span>
                <p className="text-[13px] text-muted-foreground">{keyName}</p>
                <p className="text-[13px] text-muted-foreground md:hidden">
                  <LocalTime at={at} precision="second" />
                </p>
              </TableCell>
              <TableCell className="max-md:hidden">
                <LocalTime at={at} precision="second" />
              </TableCell>
              <TableNumber className="max-sm:hidden">{inputTokens.toLocaleString("en-US")}</TableNumber>
              <TableNumber className="max-sm:hidden">{outputTokens.toLocaleString("en-US")}</TableNumber>
              <TableNumber>
                <Usd nanos={cost} />
              </TableNumber>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
