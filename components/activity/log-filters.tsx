"use client";

import { ChevronDownIcon } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { formatUsd, parseUsd } from "@/lib/money";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { finishReasons, type LogSearch, logSearch, outcomes } from "./log-search";
import { outcomeNames } from "./outcome";

export type Choice = { value: string; name: string };
export type LogChoices = { model: Choice[]; key: Choice[]; provider: Choice[]; app: Choice[] };

const nothing = Object.fromEntries(Object.keys(logSearch).map((name) => [name, null])) as Record<keyof LogSearch, null>;

/** Narrows the log. What is chosen stands in the address, so that a view can be kept and sent on. */
export function LogFilters({ choices }: { choices: LogChoices }) {
  const [search, setSearch] = useQueryStates(logSearch, { shallow: false, history: "push" });
  const [open, setOpen] = useState(false);
  const count = Object.values(search).filter((value) => value !== null).length;
  const set = (change: Partial<LogSearch>) => void setSearch(change);
  return (
    <section aria-label="Filters" className="mb-4 grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="outline" aria-expanded={open} onClick={() => setOpen(!open)}>
          Filters{count > 0 && ` (${count})`}
          <ChevronDownIcon className={cn("transition-transform", open && "rotate-180")} />
        </Button>
        {count > 0 && (
          <Button variant="ghost" onClick={() => void setSearch(nothing)}>
            Show everything
          </Button>
        )}
      </div>
      {open && (
        <div className="grid gap-3 rounded-lg border p-4 sm:grid-cols-2 lg:grid-cols-4">
          <Pick label="Model" value={search.model} choices={choices.model} choose={(model) => set({ model })} />
          <Pick label="Key" value={search.key} choices={choices.key} choose={(key) => set({ key })} />
          <Pick
            label="Provider"
            value={search.provider}
            choices={choices.provider}
            choose={(provider) => set({ provider })}
          />
          <Pick label="App" value={search.app} choices={choices.app} choose={(app) => set({ app })} />
          <Pick
            label="Outcome"
            value={search.status}
            choices={outcomes.map((value) => ({ value, name: outcomeNames[value] }))}
            choose={(status) => set({ status: status as LogSearch["status"] })}
          />
          <Pick
            label="Finish reason"
            value={search.finish}
            choices={finishReasons.map((value) => ({ value, name: value.replaceAll("_", " ") }))}
            choose={(finish) => set({ finish: finish as LogSearch["finish"] })}
          />
          <Pick
            label="Answer"
            value={search.streamed === null ? null : String(search.streamed)}
            choices={[
              { value: "true", name: "Streamed" },
              { value: "false", name: "In one piece" },
            ]}
            choose={(streamed) => set({ streamed: streamed === null ? null : streamed === "true" })}
          />
          <Over value={search.over} choose={(over) => set({ over })} />
          <Field label="From (UTC)">
            <Input
              type="datetime-local"
              value={search.from ?? ""}
              onChange={({ target }) => set({ from: target.value || null })}
            />
          </Field>
          <Field label="Before (UTC)">
            <Input
              type="datetime-local"
              value={search.until ?? ""}
              onChange={({ target }) => set({ until: target.value || null })}
            />
          </Field>
        </div>
      )}
    </section>
  );
}

/** One of what the log has. The value of a choice may be empty, which is not the same as no choice. */
function Pick({
  label,
  value,
  choices,
  choose,
}: {
  label: string;
  value: string | null;
  choices: Choice[];
  choose: (value: string | null) => void;
}) {
  const offered =
    value === null || choices.some((choice) => choice.value === value) ? choices : [...choices, { value, name: value }];
  return (
    <Field label={label} className="min-w-0">
      <select
        value={value === null ? "all" : `=${value}`}
        onChange={({ target }) => choose(target.value === "all" ? null : target.value.slice(1))}
        className="h-9 w-full min-w-0 rounded-md border border-input bg-background px-3 text-sm outline-none focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/30"
      >
        <option value="all">Any</option>
        {offered.map(({ value, name }) => (
          <option key={value} value={`=${value}`}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Over({ value, choose }: { value: bigint | null; choose: (value: bigint | null) => void }) {
  const [text, setText] = useState(value === null ? "" : formatUsd(value));
  const [wrong, setWrong] = useState(false);
  const take = () => {
    try {
      choose(text.trim() === "" ? null : parseUsd(text.replace("$", "")));
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  return (
    <Field label="Cost above, in dollars" error={wrong && "Such as 0.05."}>
      <Input
        inputMode="decimal"
        placeholder="0.05"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={take}
        onKeyDown={({ key }) => key === "Enter" && take()}
      />
    </Field>
  );
}
