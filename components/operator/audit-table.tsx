import Link from "next/link";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "../ui/table";

export type AuditLine = {
  id: bigint;
  at: Date;
  actor: "user" | "operator-cli" | "system";
  actorId: string | null;
  action: string;
  targetKind: string;
  targetId: string;
  before: unknown;
  after: unknown;
  reason: string | null;
  result: "ok" | "refused" | "failed";
  address: string | null;
};

const actors = { user: "User", "operator-cli": "Command line", system: "This server" };

/** Who did what, to what, and how it was before and after. */
export function AuditTable({ lines }: { lines: AuditLine[] }) {
  return (
    <Table label="Audit log">
      <TableHeader>
        <TableRow>
          <TableHead>What</TableHead>
          <TableHead className="max-lg:hidden">Change</TableHead>
          <TableHead className="max-md:hidden">Who</TableHead>
          <TableHead className="max-sm:hidden">When</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {lines.map((line) => (
          <TableRow key={line.id.toString()} className="align-top">
            <TableCell className="min-w-48">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {line.action}
                {line.result !== "ok" && <Badge variant="destructive">{line.result}</Badge>}
              </p>
              <p className="font-mono text-xs break-all text-muted-foreground">
                {line.targetKind} {line.targetId}
              </p>
              {line.reason && <p className="text-[13px] break-words">{line.reason}</p>}
              <div className="mt-1 text-[13px] text-muted-foreground sm:hidden">
                <LocalTime at={line.at} precision="second" />
              </div>
              <div className="mt-1 lg:hidden">
                <Change before={line.before} after={line.after} />
              </div>
            </TableCell>
            <TableCell className="max-lg:hidden">
              <Change before={line.before} after={line.after} />
            </TableCell>
            <TableCell className="max-md:hidden">
              {line.actorId ? (
                <Link className="underline underline-offset-4" href={`/operator/audit?who=${line.actorId}`}>
                  {actors[line.actor]} {line.actorId.slice(0, 8)}
                </Link>
              ) : (
                actors[line.actor]
              )}
              {line.address && <p className="text-[13px] text-muted-foreground">{line.address}</p>}
            </TableCell>
            <TableCell className="max-sm:hidden">
              <LocalTime at={line.at} precision="second" />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Change({ before, after }: { before: unknown; after: unknown }) {
  if (!before && !after) return null;
  return (
    <div className="grid max-w-lg gap-0.5 font-mono text-xs break-all">
      {before !== null && before !== undefined && <Fields of={before} sign="−" />}
      {after !== null && after !== undefined && <Fields of={after} sign="+" />}
    </div>
  );
}

function Fields({ of, sign }: { of: unknown; sign: string }) {
  const text = Object.entries(of as Record<string, unknown>).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return (
    <p className={sign === "−" ? "text-muted-foreground" : undefined}>
      <span className="sr-only">{sign === "−" ? "Before: " : "After: "}</span>
      <span aria-hidden="true">{sign} </span>
      {text.join(", ")}
    </p>
  );
}
