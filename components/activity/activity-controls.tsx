"use client";

import { XIcon } from "lucide-react";
import { useQueryStates } from "nuqs";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { ToggleGroup, ToggleGroupItem } from "../ui/toggle-group";
import { activitySearch, type Kind, kinds, type Range, ranges } from "./activity-search";

const rangeNames: Record<Range, string> = {
  "24h": "24 hours",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  custom: "Other",
};
const kindNames: Record<Kind, string> = { model: "By model", key: "By key", provider: "By provider", app: "By app" };

/** What is shown: over which time, taken together by what, and narrowed to what. All of it stands in the address. */
export function ActivityControls({ narrowed }: { narrowed: { kind: Kind; name: string }[] }) {
  const [search, setSearch] = useQueryStates(activitySearch, { shallow: false, history: "push" });
  return (
    <div className="mb-5 grid gap-3">
      <div className="flex flex-wrap items-end gap-2">
        <ToggleGroup
          type="single"
          aria-label="Time"
          value={search.range}
          onValueChange={(range) => range && void setSearch({ range: range as Range })}
        >
          {ranges.map((range) => (
            <ToggleGroupItem key={range} value={range} className="max-sm:px-2">
              {rangeNames[range]}
            </ToggleGroupItem>
          ))}
        </ToggleGroup>
        <Select value={search.by} onValueChange={(by) => void setSearch({ by: by as Kind })}>
          <SelectTrigger aria-label="Taken together">
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {kinds.map((kind) => (
              <SelectItem key={kind} value={kind}>
                {kindNames[kind]}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
        {narrowed.map(({ kind, name }) => (
          <button
            key={kind}
            type="button"
            onClick={() => void setSearch({ [kind]: null })}
            className="inline-flex h-9 max-w-full cursor-pointer items-center gap-1.5 rounded-md border px-2.5 text-[13px] outline-none hover:bg-accent focus-visible:ring-2 focus-visible:ring-ring"
          >
            <span className="truncate">{name}</span>
            <XIcon className="size-3.5 shrink-0 text-muted-foreground" aria-hidden="true" />
            <span className="sr-only">: show the others too</span>
          </button>
        ))}
      </div>
      {search.range === "custom" && (
        <div className="flex flex-wrap gap-3">
          <Field label="From (UTC)">
            <Input
              type="date"
              value={search.from ?? ""}
              onChange={({ target }) => void setSearch({ from: target.value || null })}
              className="w-40"
            />
          </Field>
          <Field label="To, inclusive (UTC)">
            <Input
              type="date"
              value={search.until ?? ""}
              onChange={({ target }) => void setSearch({ until: target.value || null })}
              className="w-40"
            />
          </Field>
        </div>
      )}
    </div>
  );
}
