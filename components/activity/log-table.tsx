"use client";

import Link from "next/link";
import { type KeyboardEvent, useRef } from "react";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { milliseconds, whole } from "./figures";
import type { outcomes } from "./log-search";
import { OutcomeBadge } from "./outcome";

export type LogLine = {
  id: string;
  at: Date;
  model: string;
  provider: string | null;
  /** The key's name, and the app's where it said one. */
  by: string;
  outcome: (typeof outcomes)[number];
  /** The finish reason or, of a failure, what kind it was. */
  reason: string | null;
  promptTokens: number;
  completionTokens: number;
  cost: bigint;
  firstTokenMs: number | null;
  totalMs: number | null;
};

const KEYS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  j: (at) => at + 1,
  k: (at) => at - 1,
  Home: () => 0,
  End: (_at, last) => last,
};

/** The log, newest first. Arrows, or j and k, walk through it, and Enter opens the request one stands on. */
export function LogTable({ lines }: { lines: LogLine[] }) {
  const table = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    if (!step || event.metaKey || event.ctrlKey || event.altKey) return;
    const links = [...(table.current?.querySelectorAll<HTMLElement>("[data-line]") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = links[Math.max(0, Math.min(step(at, links.length - 1), links.length - 1))];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the links and the region in it
    <div ref={table} onKeyDown={walk}>
      <Table label="Requests">
        <TableHeader>
          <TableRow>
            <TableHead>Model</TableHead>
            <TableHead className="max-md:hidden">Began, UTC</TableHead>
            <TableHead className="max-lg:hidden">Provider</TableHead>
            <TableHead className="max-sm:hidden">Ended</TableHead>
            <TableHead className="text-right max-sm:hidden">Tokens in</TableHead>
            <TableHead className="text-right max-sm:hidden">Tokens out</TableHead>
            <TableHead className="text-right max-md:hidden">Took</TableHead>
            <TableHead className="text-right">Cost</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {lines.map((line) => (
            <TableRow key={line.id} className="hover:bg-accent/50 focus-within:bg-accent">
              <TableCell className="min-w-40 lg:min-w-64">
                <Link
                  href={`/activity/${line.id}`}
                  data-line
                  prefetch={false}
                  className="font-medium break-words underline decoration-border underline-offset-4 hover:decoration-foreground"
                >
                  {line.model || "No model"}
                </Link>
                <p className="text-[13px] break-words text-muted-foreground">{line.by}</p>
                <p className="flex flex-wrap gap-x-2 text-[13px] text-muted-foreground md:hidden">
                  <Began at={line.at} />
                  <span className="sm:hidden">
                    <OutcomeBadge outcome={line.outcome} reason={line.reason} />
                  </span>
                </p>
              </TableCell>
              <TableCell className="max-md:hidden">
                <Began at={line.at} />
              </TableCell>
              <TableCell className="whitespace-nowrap max-lg:hidden">{line.provider ?? "–"}</TableCell>
              <TableCell className="max-sm:hidden">
                <OutcomeBadge outcome={line.outcome} reason={line.reason} />
              </TableCell>
              <TableNumber className="max-sm:hidden">{whole(line.promptTokens)}</TableNumber>
              <TableNumber className="max-sm:hidden">{whole(line.completionTokens)}</TableNumber>
              <TableNumber className="max-md:hidden">
                {milliseconds(line.totalMs)}
                {line.firstTokenMs !== null && (
                  <p className="text-[13px] text-muted-foreground">first {milliseconds(line.firstTokenMs)}</p>
                )}
              </TableNumber>
              <TableNumber>
                <Usd nanos={line.cost} />
              </TableNumber>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

const format = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

const Began = ({ at }: { at: Date }) => (
  <time dateTime={at.toISOString()} title={at.toISOString()} className="whitespace-nowrap tabular-nums">
    {format.format(at)}
  </time>
);
