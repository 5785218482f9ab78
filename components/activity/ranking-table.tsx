import Link from "next/link";
import { Table, TableBody, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { rate, short } from "./figures";
import { ShareBar } from "./share-bar";

export type RankingRow = {
  slug: string;
  name: string;
  /** Whether the catalogue has a page of it. */
  listed: boolean;
  tokens: number;
  tokensBefore: number;
  share: number;
};

/** Models by their tokens, and how that has changed. Rounded, so that nobody's own use can be read from it exactly. */
export function RankingTable({ rows }: { rows: RankingRow[] }) {
  return (
    <Table label="Models by tokens">
      <TableHeader>
        <TableRow>
          <TableHead className="w-px text-right">#</TableHead>
          <TableHead>Model</TableHead>
          <TableHead className="w-64 max-md:hidden">Of all tokens</TableHead>
          <TableHead className="text-right">Tokens</TableHead>
          <TableHead className="text-right">Change</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map(({ slug, name, listed, tokens, tokensBefore, share }, index) => (
          <TableRow key={slug}>
            <TableNumber className="text-muted-foreground">{index + 1}</TableNumber>
            <th scope="row" className="min-w-36 px-3 py-2.5 text-left font-normal sm:px-4">
              {listed ? (
                <Link
                  href={`/models/${slug}`}
                  className="font-medium break-words underline decoration-border underline-offset-4 hover:decoration-foreground"
                >
                  {name}
                </Link>
              ) : (
                <span className="font-medium break-words">{name}</span>
              )}
              <p className="text-[13px] break-words text-muted-foreground">{slug}</p>
            </th>
            <td className="px-3 sm:px-4 max-md:hidden">
              <ShareBar share={share} label={rate(share, 1)} />
            </td>
            <TableNumber>{short(tokens)}</TableNumber>
            <TableNumber>
              <Change now={tokens} before={tokensBefore} />
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Change({ now, before }: { now: number; before: number }) {
  if (before === 0) return <span className="text-muted-foreground">new</span>;
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return <span className="text-muted-foreground">0%</span>;
  if (percent >= 1_000) return `×${short(now / before)}`;
  return percent > 0 ? `+${percent}%` : `−${-percent}%`;
}
