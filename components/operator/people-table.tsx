import Link from "next/link";
import type { Nanos } from "@/lib/money";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { cn } from "../ui/cn";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";

export type PersonRow = {
  id: string;
  email: string;
  name: string | null;
  role: "user" | "operator";
  frozen: boolean;
  disabled: boolean;
  balance: Nanos;
  held: Nanos;
  createdAt: Date;
};

/** Users, each leading to his page. */
export function PeopleTable({ rows }: { rows: PersonRow[] }) {
  return (
    <Table label="Users">
      <TableHeader>
        <TableRow>
          <TableHead>User</TableHead>
          <TableHead className="max-md:hidden">Since</TableHead>
          <TableHead className="text-right">Balance</TableHead>
          <TableHead className="text-right max-sm:hidden">Set aside</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((person) => (
          <TableRow key={person.id}>
            <TableCell className="min-w-40">
              <Link
                href={`/operator/users/${person.id}`}
                className="font-medium break-all underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {person.email}
              </Link>
              {person.name && <p className="text-[13px] text-muted-foreground">{person.name}</p>}
              <PersonBadges person={person} className="mt-1" />
            </TableCell>
            <TableCell className="max-md:hidden">
              <LocalTime at={person.createdAt} precision="day" />
            </TableCell>
            <TableNumber>
              <Usd nanos={person.balance} />
            </TableNumber>
            <TableNumber className="max-sm:hidden">
              <Usd nanos={person.held} />
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** What is out of the ordinary about a user. */
export function PersonBadges({
  person: { role, frozen, disabled },
  className,
}: {
  person: Pick<PersonRow, "role" | "frozen" | "disabled">;
  className?: string;
}) {
  if (role === "user" && !frozen && !disabled) return null;
  return (
    <div className={cn("flex flex-wrap gap-1", className)}>
      {role === "operator" && <Badge variant="secondary">Operator</Badge>}
      {frozen && <Badge variant="warning">Frozen</Badge>}
      {disabled && <Badge variant="destructive">Disabled</Badge>}
    </div>
  );
}
