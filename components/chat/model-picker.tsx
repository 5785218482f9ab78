"use client";

import { CheckIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { type ChatModel, perMillion } from "./chat-model";

type Props = { models: ChatModel[]; chosen?: string; onChoose: (slug: string) => void; children: ReactNode };

/** `children` is the button that opens it. */
export function ModelPicker({ models, chosen, onChoose, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>{children}</PopoverTrigger>
      <PopoverContent className="w-[min(26rem,calc(100vw-2rem))] p-0">
        <Command defaultValue={chosen}>
          <CommandInput placeholder="Find a model" aria-label="Find a model" />
          <CommandList className="p-1">
            <CommandEmpty>No model by that name can be called now.</CommandEmpty>
            {models.map((model) => (
              <CommandItem
                key={model.slug}
                value={model.slug}
                keywords={[model.name, ...model.providers]}
                onSelect={() => {
                  setOpen(false);
                  onChoose(model.slug);
                }}
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{model.name}</span>
                  <span className="block truncate font-mono text-xs text-muted-foreground">{model.slug}</span>
                </span>
                <span className="shrink-0 text-right text-xs text-muted-foreground tabular-nums">
                  <span className="sr-only">US dollars per million tokens, prompt and completion:</span>
                  {perMillion(model.prompt)} / {perMillion(model.completion)}
                </span>
                <CheckIcon className={model.slug === chosen ? "" : "invisible"} aria-hidden="true" />
              </CommandItem>
            ))}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
