"use client";

import { ArrowDownIcon, ArrowUpIcon } from "lucide-react";
import Link from "next/link";
import { memo, type ReactNode } from "react";
import { Checkbox } from "../ui/checkbox";
import { cn } from "../ui/cn";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import type { ModelRow } from "./model-row";
import type { Sorting } from "./model-search";
import { Price } from "./price";
import { TokenCount } from "./token-count";

export type ModelListProps = {
  models: ModelRow[];
  /** Slugs of those to be compared; `full` when there may be no more. */
  compared: string[];
  full: boolean;
  toggle: (slug: string) => void;
};

type Props = ModelListProps & { sort: Sorting; descending: boolean; sortBy: (sort: Sorting) => void };

export function ModelTable({ models, compared, full, toggle, sort, descending, sortBy }: Props) {
  const heading = (by: Sorting, label: ReactNode, className = "text-right") => {
    const sorted = sort === by;
    const Arrow = sorted && descending ? ArrowDownIcon : ArrowUpIcon;
    return (
      <TableHead className={className} aria-sort={sorted ? (descending ? "descending" : "ascending") : undefined}>
        <button
          type="button"
          onClick={() => sortBy(by)}
          className={cn(
            "group inline-flex cursor-pointer items-center gap-1 rounded-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
            by !== "name" && "flex-row-reverse",
            sorted && "text-foreground",
          )}
        >
          {label}
          <Arrow className={cn("size-3", !sorted && "opacity-0 group-hover:opacity-50")} aria-hidden="true" />
        </button>
      </TableHead>
    );
  };
  return (
    <Table label="Models">
      <caption className="sr-only">
        Models, with prices in US dollars per million tokens at the cheapest provider
      </caption>
      <TableHeader>
        <TableRow>
          <TableHead className="w-px pr-0">
            <span className="sr-only">Compare</span>
          </TableHead>
          {heading("name", "Model", "")}
          <TableHead className="max-sm:hidden">Providers</TableHead>
          {heading("context", "Context", "text-right max-sm:hidden")}
          {heading(
            "prompt",
            <span>
              Input <span className="font-normal max-sm:hidden">/ 1M</span>
            </span>,
          )}
          {heading(
            "completion",
            <span>
              Output <span className="font-normal max-sm:hidden">/ 1M</span>
            </span>,
          )}
        </TableRow>
      </TableHeader>
      <TableBody>
        {models.map((model) => {
          const chosen = compared.includes(model.slug);
          return <Row key={model.slug} model={model} chosen={chosen} disabled={full && !chosen} toggle={toggle} />;
        })}
      </TableBody>
    </Table>
  );
}

const Row = memo(function Row({
  model,
  chosen,
  disabled,
  toggle,
}: {
  model: ModelRow;
  chosen: boolean;
  disabled: boolean;
  toggle: (slug: string) => void;
}) {
  return (
    <TableRow data-state={chosen ? "selected" : undefined} className="hover:bg-muted/60">
      <TableCell className="pr-0">
        <Checkbox
          checked={chosen}
          disabled={disabled}
          onCheckedChange={() => toggle(model.slug)}
          aria-label={`Compare ${model.name}`}
        />
      </TableCell>
      <th scope="row" className="min-w-28 px-3 py-2 text-left font-normal sm:px-4">
        <Link
          href={`/models/${model.slug}`}
          prefetch={false}
          data-model=""
          className="rounded-sm font-medium hover:underline hover:underline-offset-4"
        >
          {model.name}
        </Link>
        <div className="font-mono text-xs text-muted-foreground max-sm:hidden">{model.slug}</div>
      </th>
      <TableCell className="text-[13px] text-muted-foreground max-sm:hidden">{model.providers.join(", ")}</TableCell>
      <TableNumber className="max-sm:hidden">
        <TokenCount tokens={model.contextLength} />
      </TableNumber>
      <TableNumber>
        <Price picos={model.prompt} />
      </TableNumber>
      <TableNumber>
        <Price picos={model.completion} />
      </TableNumber>
    </TableRow>
  );
});
