"use client";

import { useId } from "react";
import { Checkbox } from "../ui/checkbox";
import { Label } from "../ui/label";
import { ToggleGroup, ToggleGroupItem } from "../ui/toggle-group";

export type ProviderMode = "ignored" | "allowed";

/** Providers that are ignored, or the only ones that are allowed. */
export function ProviderChoice({
  providers,
  mode,
  chosen,
  error,
  onChange,
}: {
  providers: { slug: string; name: string }[];
  mode: ProviderMode;
  chosen: string[];
  error?: string;
  onChange: (mode: ProviderMode, chosen: string[]) => void;
}) {
  const id = useId();
  const toggle = (slug: string) =>
    onChange(mode, chosen.includes(slug) ? chosen.filter((other) => other !== slug) : [...chosen, slug]);
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="mb-2 text-sm font-medium">Providers</legend>
      <ToggleGroup
        type="single"
        value={mode}
        onValueChange={(value) => value && onChange(value as ProviderMode, chosen)}
        aria-label="What the ticked providers are"
      >
        <ToggleGroupItem value="ignored">Never the ticked</ToggleGroupItem>
        <ToggleGroupItem value="allowed">Only the ticked</ToggleGroupItem>
      </ToggleGroup>
      {providers.length === 0 ? (
        <p className="text-sm text-muted-foreground">No provider has a key on this server yet.</p>
      ) : (
        <ul className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
          {providers.map(({ slug, name }) => (
            <li key={slug} className="flex items-center gap-2">
              <Checkbox id={`${id}-${slug}`} checked={chosen.includes(slug)} onCheckedChange={() => toggle(slug)} />
              <Label htmlFor={`${id}-${slug}`} className="font-normal">
                {name}
              </Label>
            </li>
          ))}
        </ul>
      )}
      <p className="text-[13px] text-muted-foreground">
        None ticked: all of them. Your own keys for them count the same.
      </p>
      {error && (
        <p role="alert" className="text-[13px] text-destructive">
          {error}
        </p>
      )}
    </fieldset>
  );
}
