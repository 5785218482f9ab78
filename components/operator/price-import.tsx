"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { Button } from "../ui/button";
import { Checkbox } from "../ui/checkbox";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "../ui/table";

export type ImportLine = {
  line: string;
  model: string;
  provider: string;
  /** Null: from now. */
  from: Date | null;
  /** Since when the price here is in force; null: there is none. */
  since: Date | null;
  /** What differs: its name, as it is here and as it would be. */
  changes: { name: string; before: string; after: string }[];
};

/** Differences between the catalogue's prices and those here, to be approved line by line. */
export function PriceImport({
  lines,
  importLines,
}: {
  lines: ImportLine[];
  importLines: Action<{ lines: string[] }, { added: number }>;
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { run, pending, failure } = useAction(importLines, ({ added }) => {
    setChosen(new Set());
    toast.success(added === 1 ? "One price was added." : `${added} prices were added.`);
  });
  const all = chosen.size === lines.length;
  const toggle = (line: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(line);
    else next.delete(line);
    setChosen(next);
  };
  return (
    <div className="grid gap-4">
      <ActionFailure failure={failure} />
      <Table label="Differences">
        <TableHeader>
          <TableRow>
            <TableHead className="w-8">
              <Checkbox
                checked={all ? true : chosen.size > 0 ? "indeterminate" : false}
                onCheckedChange={(on) => setChosen(new Set(on === true ? lines.map(({ line }) => line) : []))}
                aria-label="Every line"
              />
            </TableHead>
            <TableHead>Endpoint</TableHead>
            <TableHead>Change, $ for a million tokens</TableHead>
            <TableHead className="max-md:hidden">From</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {lines.map(({ line, model, provider, from, since, changes }) => (
            <TableRow key={line} className="align-top">
              <TableCell>
                <Checkbox
                  checked={chosen.has(line)}
                  onCheckedChange={(on) => toggle(line, on === true)}
                  aria-label={`${model} at ${provider}`}
                />
              </TableCell>
              <TableCell className="min-w-32">
                <p className="font-medium break-all">{model}</p>
                <p className="text-[13px] text-muted-foreground">
                  {provider}
                  {since && since.getTime() > 0 && (
                    <>
                      , as it is since <LocalTime at={since} precision="day" />
                    </>
                  )}
                </p>
              </TableCell>
              <TableCell>
                <ul className="grid gap-0.5 text-[13px] tabular-nums">
                  {changes.map(({ name, before, after }) => (
                    <li key={name}>
                      {name}: <del className="text-muted-foreground">{before}</del>{" "}
                      <ins className="no-underline">{after}</ins>
                    </li>
                  ))}
                </ul>
                <p className="text-[13px] md:hidden">{from ? <LocalTime at={from} precision="day" /> : "From now"}</p>
              </TableCell>
              <TableCell className="max-md:hidden">{from ? <LocalTime at={from} precision="day" /> : "Now"}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <Button
        className="justify-self-start"
        disabled={chosen.size === 0 || pending}
        onClick={() => run({ lines: [...chosen] })}
      >
        {chosen.size === 1 ? "Add one price" : `Add ${chosen.size} prices`}
      </Button>
    </div>
  );
}
