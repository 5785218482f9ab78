import Link from "next/link";
import type { Action } from "../forms/use-action";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { OnOffSwitch } from "./on-off-switch";

export type ModelLine = {
  slug: string;
  name: string;
  enabled: boolean;
  endpoints: number;
  enabledEndpoints: number;
};

/** Models, each leading to its endpoints and prices. */
export function ModelList({ rows, setEnabled }: { rows: ModelLine[]; setEnabled: Action<FormData> }) {
  return (
    <Table label="Models">
      <TableHeader>
        <TableRow>
          <TableHead>Model</TableHead>
          <TableHead className="text-right">Endpoints on</TableHead>
          <TableHead>On</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map(({ slug, name, enabled, endpoints, enabledEndpoints }) => (
          <TableRow key={slug}>
            <TableCell className="min-w-40">
              <Link
                href={`/operator/models/${slug}`}
                className="font-medium underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {name}
              </Link>
              <p className="font-mono text-xs break-all text-muted-foreground">{slug}</p>
            </TableCell>
            <TableNumber>
              {enabledEndpoints} of {endpoints}
            </TableNumber>
            <TableCell>
              <OnOffSwitch label={`${name} is served`} enabled={enabled} action={setEnabled} input={{ slug }} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
