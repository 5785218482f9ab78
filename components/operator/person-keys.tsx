import type { Nanos } from "@/lib/money";
import type { Reset } from "../keys/key-row";
import { LimitUsage } from "../keys/limit-usage";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "../ui/table";

export type PersonKey = {
  id: string;
  name: string;
  label: string;
  kind: "inference" | "management";
  disabled: boolean;
  expiresAt: Date | null;
  limit: Nanos | null;
  spent: Nanos;
  reset: Reset;
  createdAt: Date;
};

/** A user's keys, to look at: they are his. */
export function PersonKeys({ keys }: { keys: PersonKey[] }) {
  return (
    <Table label="Keys">
      <TableHeader>
        <TableRow>
          <TableHead>Key</TableHead>
          <TableHead className="max-sm:hidden">Limit</TableHead>
          <TableHead className="max-md:hidden">Made</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {keys.map((key) => (
          <TableRow key={key.id}>
            <TableCell className="min-w-40">
              <p className="flex flex-wrap items-center gap-2 font-medium break-words">
                {key.name}
                {key.kind === "management" && <Badge>Management</Badge>}
                {key.disabled && <Badge>Disabled</Badge>}
                {key.expiresAt && key.expiresAt.getTime() < Date.now() && <Badge>Expired</Badge>}
              </p>
              <code className="font-mono text-xs text-muted-foreground">{key.label}</code>
              <div className="sm:hidden">
                <KeyLimit limit={key.limit} spent={key.spent} reset={key.reset} />
              </div>
            </TableCell>
            <TableCell className="max-sm:hidden">
              <KeyLimit limit={key.limit} spent={key.spent} reset={key.reset} />
            </TableCell>
            <TableCell className="max-md:hidden">
              <LocalTime at={key.createdAt} precision="day" />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** What a key without a limit has spent is not counted on it. */
function KeyLimit({ limit, spent, reset }: Pick<PersonKey, "limit" | "spent" | "reset">) {
  if (limit === null) return <span className="text-[13px] text-muted-foreground">No limit</span>;
  return <LimitUsage limit={limit} spent={spent} reset={reset} />;
}
