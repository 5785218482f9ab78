"use client";

import { useFieldError } from "../auth/action-form";
import { Field } from "../ui/field";

/** One of a few, in an `ActionForm`: [value, what it is called]. */
export function FormSelect({
  name,
  label,
  hint,
  options,
  defaultValue,
}: {
  name: string;
  label: string;
  hint?: string;
  options: (readonly [string, string])[];
  defaultValue?: string;
}) {
  return (
    <Field label={label} hint={hint} error={useFieldError(name)}>
      <select
        name={name}
        defaultValue={defaultValue}
        className="h-9 w-full rounded-md border border-input bg-background px-3 text-sm outline-none focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/30"
      >
        {options.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </Field>
  );
}
