"use client";

import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** How much a key may ask for, as typed; empty: as much as comes. */
export type Rates = { requestsPerMinute: string; tokensPerMinute: string; parallelRequests: string };

const fields: Record<keyof Rates, string> = {
  requestsPerMinute: "Requests a minute",
  tokensPerMinute: "Tokens a minute",
  parallelRequests: "Requests at once",
};

export function RateFields({
  value,
  onChange,
  wrong,
}: {
  value: Rates;
  onChange: (value: Rates) => void;
  /** What is wrong with each field, by its name. */
  wrong: Record<string, string>;
}) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-3">
      {Object.entries(fields).map(([name, label]) => (
        <Field key={name} label={label} error={wrong[name]}>
          <Input
            value={value[name as keyof Rates]}
            onChange={(event) => onChange({ ...value, [name]: event.target.value })}
            inputMode="numeric"
            placeholder="No limit"
            autoComplete="off"
            className="tabular-nums"
          />
        </Field>
      ))}
    </div>
  );
}
