import type { Nanos } from "@/lib/money";
import type { Action } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { Decision } from "./decision";

export type CodeLine = {
  id: string;
  /** The code's first group. */
  label: string;
  amount: Nanos;
  uses: number;
  used: number;
  note: string | null;
  state: "good" | "void" | "used up" | "expired";
  expiresAt: Date | null;
  createdAt: Date;
};

/** Codes that turn into credits, by their first groups. */
export function CodeTable({ codes, voidCode }: { codes: CodeLine[]; voidCode: Action<FormData> }) {
  return (
    <Table label="Codes">
      <TableHeader>
        <TableRow>
          <TableHead>Code</TableHead>
          <TableHead className="text-right">Worth</TableHead>
          <TableHead className="text-right max-sm:hidden">Redeemed</TableHead>
          <TableHead className="max-md:hidden">Made</TableHead>
          <TableHead>
            <span className="sr-only">What can be done</span>
          </TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {codes.map((code) => (
          <TableRow key={code.id}>
            <TableCell className="min-w-32">
              <span className="flex flex-wrap items-center gap-2">
                <code className="font-mono text-xs">{code.label}</code>
                {code.state !== "good" && <Badge>{code.state}</Badge>}
              </span>
              {code.note && <p className="text-[13px] break-words text-muted-foreground">{code.note}</p>}
              {code.expiresAt && (
                <p className="text-[13px] text-muted-foreground">
                  Until <LocalTime at={code.expiresAt} />
                </p>
              )}
            </TableCell>
            <TableNumber>
              <Usd nanos={code.amount} />
            </TableNumber>
            <TableNumber className="max-sm:hidden">
              {code.used.toLocaleString("en-US")} of {code.uses.toLocaleString("en-US")}
            </TableNumber>
            <TableCell className="max-md:hidden">
              <LocalTime at={code.createdAt} precision="day" />
            </TableCell>
            <TableCell className="text-right">
              {code.state === "good" && (
                <Decision
                  label="Void"
                  title={`Void the code ${code.label}`}
                  action={voidCode}
                  input={{ id: code.id }}
                  done="The code is void."
                  destructive
                >
                  Nobody can redeem it any more. What was redeemed stays with those who have it.
                </Decision>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
