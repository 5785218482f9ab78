import Link from "next/link";
import type { Action } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { OnOffSwitch } from "./on-off-switch";

export type ProviderRow = {
  slug: string;
  name: string;
  baseUrl: string | null;
  enabled: boolean;
  /** `sk-...wxyz`; null: the operator's key is not stored here. */
  key: { label: string; setAt: Date | null } | null;
  /** Whether the settings of this server have a key for it. */
  inSettings: boolean;
  trains: boolean | null;
  retains: boolean | null;
  endpoints: number;
  enabledEndpoints: number;
};

/** Who serves models, each leading to its page. */
export function ProviderTable({ rows, setEnabled }: { rows: ProviderRow[]; setEnabled: Action<FormData> }) {
  return (
    <Table label="Providers">
      <TableHeader>
        <TableRow>
          <TableHead>Provider</TableHead>
          <TableHead className="max-md:hidden">Key</TableHead>
          <TableHead className="max-lg:hidden">Prompts</TableHead>
          <TableHead className="text-right max-sm:hidden">Endpoints on</TableHead>
          <TableHead>On</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.slug}>
            <TableCell className="min-w-40">
              <Link
                href={`/operator/providers/${row.slug}`}
                className="font-medium underline decoration-border underline-offset-4 hover:decoration-foreground"
              >
                {row.name}
              </Link>
              <p className="text-[13px] break-all text-muted-foreground">{row.baseUrl ?? "The SDK's own address"}</p>
              <div className="md:hidden">
                <ProviderKey row={row} />
              </div>
            </TableCell>
            <TableCell className="max-md:hidden">
              <ProviderKey row={row} />
            </TableCell>
            <TableCell className="text-[13px] max-lg:hidden">{policyText(row)}</TableCell>
            <TableNumber className="max-sm:hidden">
              {row.enabledEndpoints} of {row.endpoints}
            </TableNumber>
            <TableCell>
              <OnOffSwitch
                label={`${row.name} is routed to`}
                enabled={row.enabled}
                action={setEnabled}
                input={{ slug: row.slug }}
              />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** What a key is known by. The key itself is written, and never read back. */
export function ProviderKey({ row: { key, inSettings } }: { row: Pick<ProviderRow, "key" | "inSettings"> }) {
  if (key)
    return (
      <p className="text-[13px]">
        <code className="font-mono text-xs">{key.label}</code>
        {key.setAt && (
          <span className="text-muted-foreground">
            , since <LocalTime at={key.setAt} precision="day" />
          </span>
        )}
      </p>
    );
  if (inSettings) return <p className="text-[13px] text-muted-foreground">From the settings</p>;
  return <Badge>No key</Badge>;
}

export function policyText({ trains, retains }: Pick<ProviderRow, "trains" | "retains">): string {
  const words = { true: "", false: "not ", null: "" };
  if (trains === null && retains === null) return "Not known";
  const known = [
    trains !== null && `${words[`${trains}`]}trained on`,
    retains !== null && `${words[`${retains}`]}kept`,
  ].filter(Boolean);
  return known.join(", ");
}
