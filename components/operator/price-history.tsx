import type { Nanos, Picos } from "@/lib/money";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd } from "../usd";
import { perMillionText } from "./per-million";

/** Of a million tokens, an image, a request. Null: as the prompt, or as the completion. */
export type Figures = {
  prompt: Picos;
  completion: Picos;
  cacheRead: Picos | null;
  cacheWrite: Picos | null;
  cacheWriteHour: Picos | null;
  reasoning: Picos | null;
  audio: Picos | null;
  image: Nanos;
  request: Nanos;
  tiers: { above: number; prompt: Picos; completion: Picos }[];
};

export type PriceLine = Figures & { id: string; from: Date; state: "past" | "now" | "announced" };

/** What an endpoint cost, costs and will cost, the newest first. */
export function PriceHistory({ label, lines }: { label: string; lines: PriceLine[] }) {
  return (
    <Table label={label}>
      <TableHeader>
        <TableRow>
          <TableHead>From</TableHead>
          <TableHead className="text-right">In, $/M</TableHead>
          <TableHead className="text-right">Out, $/M</TableHead>
          <TableHead className="max-md:hidden">And</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {lines.map((line) => (
          <TableRow key={line.id} className={line.state === "past" ? "text-muted-foreground" : undefined}>
            <TableCell>
              <span className="flex flex-wrap items-center gap-2">
                {line.from.getTime() === 0 ? "The beginning" : <LocalTime at={line.from} />}
                {line.state === "now" && <Badge variant="success">In force</Badge>}
                {line.state === "announced" && <Badge>Announced</Badge>}
              </span>
              <div className="md:hidden">
                <Others of={line} />
              </div>
            </TableCell>
            <TableNumber>{perMillionText(line.prompt)}</TableNumber>
            <TableNumber>{perMillionText(line.completion)}</TableNumber>
            <TableCell className="max-md:hidden">
              <Others of={line} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const names = {
  cacheRead: "cache read",
  cacheWrite: "cache write",
  cacheWriteHour: "cache write for an hour",
  reasoning: "reasoning",
  audio: "audio",
} as const;

function Others({ of }: { of: Figures }) {
  const told = Object.entries(names).flatMap(([name, words]) => {
    const picos = of[name as keyof typeof names];
    return picos === null ? [] : [`${words} ${perMillionText(picos)}`];
  });
  const tiers = of.tiers.map(
    ({ above, prompt, completion }) =>
      `above ${above.toLocaleString("en-US")} tokens ${perMillionText(prompt)} and ${perMillionText(completion)}`,
  );
  return (
    <p className="max-w-md text-[13px] text-muted-foreground tabular-nums">
      {[...told, ...tiers].join(", ")}
      {of.image > 0n && (
        <>
          {" "}
          image <Usd nanos={of.image} />
        </>
      )}
      {of.request > 0n && (
        <>
          {" "}
          request <Usd nanos={of.request} />
        </>
      )}
    </p>
  );
}
