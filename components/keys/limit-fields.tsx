"use client";

import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { type Reset, resetNames } from "./key-row";

/** What a key may spend, in US dollars as typed; and when that starts anew. */
export type Limit = { limit: string; reset: Reset };

export function LimitFields({
  value,
  onChange,
  wrong,
}: {
  value: Limit;
  onChange: (value: Limit) => void;
  /** What is wrong with each field, by its name. */
  wrong: Record<string, string>;
}) {
  const { limit, reset } = value;
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field
        label="Limit in US dollars"
        error={wrong.limit}
        hint="Empty: no limit but your balance. It is never exceeded."
      >
        <Input
          value={limit}
          onChange={(event) => onChange({ ...value, limit: event.target.value })}
          inputMode="decimal"
          placeholder="No limit"
          autoComplete="off"
          className="tabular-nums"
        />
      </Field>
      <Select
        value={reset}
        onValueChange={(chosen) => onChange({ ...value, reset: chosen as Reset })}
        disabled={limit.trim() === ""}
      >
        <Field label="The limit starts anew" error={wrong.reset} hint="At midnight, UTC.">
          <SelectTrigger className="w-full">
            <SelectValue />
          </SelectTrigger>
        </Field>
        <SelectContent>
          {Object.entries(resetNames).map(([name, label]) => (
            <SelectItem key={name} value={name}>
              {label}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </div>
  );
}
