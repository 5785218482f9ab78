import { DownloadIcon } from "lucide-react";
import { Button, buttonVariants } from "../ui/button";
import { cn } from "../ui/cn";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { ledgerGroups } from "./ledger-kinds";

export type LedgerAddress = { kind?: string; from?: string; until?: string };

/** Narrows the ledger by its address, so that a view can be kept and sent on; it works without a script too. */
export function LedgerFilter({ address, exportHref }: { address: LedgerAddress; exportHref: string }) {
  return (
    <form method="get" action="/credits/ledger" className="mb-4 flex flex-wrap items-end gap-3">
      <Field label="Kind" className="max-sm:w-full">
        <select
          name="kind"
          defaultValue={address.kind ?? ""}
          className="h-9 rounded-md border border-input bg-background px-3 text-sm outline-none focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/30"
        >
          <option value="">Everything</option>
          {Object.entries(ledgerGroups).map(([value, { label }]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Field label="From (UTC)">
        <Input type="date" name="from" defaultValue={address.from} className="w-40" />
      </Field>
      <Field label="To, inclusive (UTC)">
        <Input type="date" name="until" defaultValue={address.until} className="w-40" />
      </Field>
      <Button type="submit" variant="outline">
        Show
      </Button>
      <a href={exportHref} download className={cn(buttonVariants({ variant: "ghost" }), "sm:ml-auto")}>
        <DownloadIcon /> CSV
      </a>
    </form>
  );
}
