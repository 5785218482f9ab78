"use client";

import { parseAsString, useQueryState } from "nuqs";
import { ToggleGroup, ToggleGroupItem } from "../ui/toggle-group";

/** One of a few, kept in the address under `name`: [value, what it is called]. */
export function AddressSwitch({
  name,
  label,
  value,
  options,
}: {
  name: string;
  label: string;
  value: string;
  options: (readonly [string, string])[];
}) {
  const [, set] = useQueryState(name, parseAsString.withOptions({ shallow: false, history: "push" }));
  return (
    <ToggleGroup
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(chosen) => chosen && void set(chosen)}
      className="mb-5"
    >
      {options.map(([option, title]) => (
        <ToggleGroupItem key={option} value={option}>
          {title}
        </ToggleGroupItem>
      ))}
    </ToggleGroup>
  );
}
