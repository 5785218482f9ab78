"use client";

import { CheckIcon, ChevronsUpDownIcon } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from "../ui/command";
import { Popover, PopoverContent, PopoverTrigger } from "../ui/popover";

/** The models that a key may call, by slug; none chosen: all of them. */
export function ModelPicker({
  models,
  chosen,
  onChange,
  ...control
}: {
  models: string[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  id?: string;
}) {
  const [open, setOpen] = useState(false);
  // One that is not served just now stays chosen, and can be taken out.
  const all = [...chosen, ...models.filter((slug) => !chosen.includes(slug))];
  const toggle = (slug: string) =>
    onChange(chosen.includes(slug) ? chosen.filter((other) => other !== slug) : [...chosen, slug]);
  return (
    <Popover open={open} onOpenChange={setOpen} modal>
      <PopoverTrigger asChild>
        <Button {...control} type="button" variant="outline" className="w-full justify-between px-3 font-normal">
          <span className="truncate">{chosen.length === 0 ? "All models" : chosen.join(", ")}</span>
          <ChevronsUpDownIcon className="text-muted-foreground" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-(--radix-popover-trigger-width) p-0">
        <Command>
          <CommandInput placeholder="Find a model" aria-label="Find a model" />
          <CommandList>
            <CommandEmpty>No model of that name.</CommandEmpty>
            {all.map((slug) => (
              <CommandItem key={slug} value={slug} onSelect={() => toggle(slug)}>
                <CheckIcon className={cn(!chosen.includes(slug) && "opacity-0")} />
                <span className="truncate">{slug}</span>
                {chosen.includes(slug) && <span className="sr-only">, chosen</span>}
              </CommandItem>
            ))}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
