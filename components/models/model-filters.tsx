"use client";

import { type ReactNode, useId, useMemo } from "react";
import { parseUsd } from "@/lib/money";
import { Checkbox } from "../ui/checkbox";
import { cn } from "../ui/cn";
import { Label } from "../ui/label";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { Slider } from "../ui/slider";
import { Switch } from "../ui/switch";
import { usdText } from "../usd";
import type { ModelRow } from "./model-row";
import type { ModelSearch } from "./model-search";

export type FilterChange = (change: Partial<ModelSearch>) => void;

/** Nano-USD per million prompt tokens at which the slider stops; beyond the last there is no bound. */
const STOPS = ["0", "0.1", "0.25", "0.5", "1", "2", "5", "10"].map(parseUsd);
const CONTEXTS = [32_000, 128_000, 200_000, 1_000_000];

export function ModelFilters({
  models,
  search,
  change,
}: {
  models: ModelRow[];
  search: ModelSearch;
  change: FilterChange;
}) {
  const offered = useMemo(
    () => ({
      provider: count(models.map(({ providers }) => providers)),
      input: count(models.map(({ input }) => input)),
      output: count(models.map(({ output }) => output)),
      parameters: count(models.map(({ parameters }) => parameters)),
    }),
    [models],
  );
  const free = useId();
  return (
    <div className="grid gap-6">
      <PriceRange search={search} change={change} />
      <div className="flex items-center justify-between">
        <Label htmlFor={free}>Free only</Label>
        <Switch id={free} checked={search.free} onCheckedChange={(checked) => change({ free: checked })} />
      </div>
      <Context search={search} change={change} />
      <Choices
        title="Provider"
        offered={offered.provider}
        chosen={search.provider}
        choose={(provider) => change({ provider })}
      />
      <Choices title="Input" offered={offered.input} chosen={search.input} choose={(input) => change({ input })} />
      <Choices title="Output" offered={offered.output} chosen={search.output} choose={(output) => change({ output })} />
      <Choices
        title="Parameters"
        offered={offered.parameters}
        chosen={search.parameters}
        choose={(parameters) => change({ parameters })}
        mono
      />
    </div>
  );
}

function PriceRange({ search, change }: { search: ModelSearch; change: FilterChange }) {
  const from = search.from === null ? 0 : stopAt(search.from);
  const to = search.to === null ? STOPS.length : stopAt(search.to);
  const name = (stop: number) => {
    const nanos = STOPS[stop];
    return nanos === undefined ? "any price" : usdText(nanos);
  };
  return (
    <Group title="Input price per million">
      <Slider
        min={0}
        max={STOPS.length}
        value={[from, to]}
        labels={["Lowest price", "Highest price"]}
        valueText={name}
        onValueChange={([low = 0, high = STOPS.length]) =>
          change({ from: low === 0 ? null : (STOPS[low] ?? null), to: STOPS[high] ?? null })
        }
      />
      <p className="flex justify-between text-[13px] text-muted-foreground tabular-nums">
        <span>{name(from)}</span>
        <span>{name(to)}</span>
      </p>
    </Group>
  );
}

/** The stop nearest below a price that came from the address. */
const stopAt = (nanos: bigint) =>
  Math.max(
    0,
    STOPS.findLastIndex((stop) => stop <= nanos),
  );

const contextName = (tokens: number) =>
  tokens > 0 ? `${tokens.toLocaleString("en-US")} tokens or more` : "Any length";

function Context({ search, change }: { search: ModelSearch; change: FilterChange }) {
  const id = useId();
  const options = CONTEXTS.includes(search.context) || search.context <= 0 ? CONTEXTS : [...CONTEXTS, search.context];
  return (
    <div className="grid gap-2">
      <Label htmlFor={id}>Context</Label>
      <Select value={String(search.context)} onValueChange={(value) => change({ context: Number(value) })}>
        <SelectTrigger id={id} className="w-full">
          <SelectValue>{contextName(search.context)}</SelectValue>
        </SelectTrigger>
        <SelectContent>
          <SelectItem value="0">{contextName(0)}</SelectItem>
          {options.map((tokens) => (
            <SelectItem key={tokens} value={String(tokens)}>
              {contextName(tokens)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </div>
  );
}

function Choices({
  title,
  offered,
  chosen,
  choose,
  mono = false,
}: {
  title: string;
  offered: [value: string, models: number][];
  chosen: string[];
  choose: (values: string[]) => void;
  mono?: boolean;
}) {
  const prefix = useId();
  // Where there is one thing to choose, there is nothing to choose.
  if (offered.length < 2 && chosen.length === 0) return null;
  return (
    <Group title={title}>
      <ul className="-mx-1 grid max-h-56 gap-0.5 overflow-y-auto px-1 py-0.5">
        {offered.map(([value, models]) => (
          <li key={value} className="flex items-center gap-2 py-0.5">
            <Checkbox
              id={`${prefix}-${value}`}
              checked={chosen.includes(value)}
              onCheckedChange={(checked) =>
                choose(checked ? [...chosen, value] : chosen.filter((other) => other !== value))
              }
            />
            <Label
              htmlFor={`${prefix}-${value}`}
              className={
                mono ? "min-w-0 flex-1 font-mono text-xs font-normal" : "min-w-0 flex-1 text-[13px] font-normal"
              }
            >
              <span className={cn("truncate", !mono && "inline-block first-letter:uppercase")}>{value}</span>
            </Label>
            <span className="text-xs text-muted-foreground tabular-nums">{models}</span>
          </li>
        ))}
      </ul>
    </Group>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-sm font-medium">{title}</legend>
      {children}
    </fieldset>
  );
}

/** How many of the lists have each value; the most frequent first. */
function count(lists: string[][]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of lists.flat()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b, "en"));
}
