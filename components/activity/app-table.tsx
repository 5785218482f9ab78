import Link from "next/link";
import { createSerializer } from "nuqs/server";
import { Table, TableBody, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { activitySearch, type Range } from "./activity-search";
import { rate, whole } from "./figures";
import { ShareBar } from "./share-bar";

export type AppRow = {
  /** Its address or, without one, its title; empty: it said neither. */
  app: string;
  title: string | null;
  requests: number;
  tokens: number;
  /** Of the account's tokens, 0 to 1. */
  share: number;
  cost: bigint;
};

const activityHref = createSerializer(activitySearch);

/** An account's apps, the dearest first. */
export function AppTable({ rows, range }: { rows: AppRow[]; range: Range }) {
  return (
    <Table label="Apps">
      <TableHeader>
        <TableRow>
          <TableHead>App</TableHead>
          <TableHead className="text-right max-sm:hidden">Requests</TableHead>
          <TableHead className="text-right">Tokens</TableHead>
          <TableHead className="w-48 max-md:hidden">Of all tokens</TableHead>
          <TableHead className="text-right">Spend</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map(({ app, title, requests, tokens, share, cost }) => (
          <TableRow key={app}>
            <th scope="row" className="min-w-36 px-3 py-2.5 text-left font-normal sm:px-4">
              <Link
                href={activityHref("/activity", { app, range })}
                className="font-medium break-words underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {title ?? (app || "No app named")}
              </Link>
              {title && title !== app && <p className="text-[13px] break-all text-muted-foreground">{app}</p>}
            </th>
            <TableNumber className="max-sm:hidden">{whole(requests)}</TableNumber>
            <TableNumber>{whole(tokens)}</TableNumber>
            <td className="px-3 sm:px-4 max-md:hidden">
              <ShareBar share={share} label={rate(share, 1)} />
            </td>
            <TableNumber>
              <Usd nanos={cost} />
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
