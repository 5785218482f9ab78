"use client";

import { BracesIcon, HouseIcon, LayersIcon, MonitorIcon, MoonIcon, SunIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { useEffect, useState } from "react";
import { dashboardPages, furtherPages, type NavigationItem, operatorPages } from "./navigation";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "./ui/command";
import { Dialog, DialogContent, DialogDescription, DialogTitle } from "./ui/dialog";

const pages: NavigationItem[] = [{ href: "/", label: "Home", icon: HouseIcon }, ...dashboardPages, ...furtherPages];
const themes = [
  { value: "light", label: "Light theme", icon: SunIcon },
  { value: "dark", label: "Dark theme", icon: MoonIcon },
  { value: "system", label: "Theme of the system", icon: MonitorIcon },
];

type Model = { id: string; name: string };

export function CommandMenu({
  operator,
  open,
  setOpen,
}: {
  operator: boolean;
  open: boolean;
  setOpen: (open: boolean) => void;
}) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const models = useModels(open);
  const run = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  const go = (href: string) => run(() => router.push(href));

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogContent className="top-[15%] translate-y-0 gap-0 overflow-hidden p-0" showClose={false}>
        <DialogTitle className="sr-only">Search</DialogTitle>
        <DialogDescription className="sr-only">Pages, models and the theme</DialogDescription>
        <Command loop>
          <CommandInput placeholder="Search pages and models" />
          <CommandList>
            <CommandEmpty>Nothing of this name.</CommandEmpty>
            <CommandGroup heading="Pages">
              {pages.map(({ href, label, icon: Icon }) => (
                <CommandItem key={href} onSelect={go(href)}>
                  <Icon /> {label}
                </CommandItem>
              ))}
              <CommandItem
                keywords={["json", "api"]}
                onSelect={run(() => window.open("/api/v1/models", "_blank", "noopener"))}
              >
                <BracesIcon /> Models as JSON
              </CommandItem>
            </CommandGroup>
            {operator && (
              <CommandGroup heading="Operator">
                {operatorPages.map(({ href, label, icon: Icon }) => (
                  <CommandItem key={href} value={`operator ${label}`} onSelect={go(href)}>
                    <Icon /> {label}
                  </CommandItem>
                ))}
              </CommandGroup>
            )}
            {models === "failed" && (
              <p className="px-3 py-2 text-[13px] text-muted-foreground">The models could not be fetched.</p>
            )}
            {Array.isArray(models) && models.length > 0 && (
              <CommandGroup heading="Models">
                {models.map(({ id, name }) => (
                  <CommandItem key={id} value={id} keywords={[name]} onSelect={go(`/models/${id}`)}>
                    <LayersIcon />
                    <span className="truncate">{name}</span>
                    <span className="ml-auto truncate font-mono text-xs text-muted-foreground max-sm:hidden">{id}</span>
                  </CommandItem>
                ))}
              </CommandGroup>
            )}
            <CommandGroup heading="Theme">
              {themes.map(({ value, label, icon: Icon }) => (
                <CommandItem key={value} onSelect={run(() => setTheme(value))}>
                  <Icon /> {label}
                </CommandItem>
              ))}
            </CommandGroup>
          </CommandList>
        </Command>
      </DialogContent>
    </Dialog>
  );
}

/** From the API that anyone may ask, anew at each opening; until then the ones of before. */
function useModels(open: boolean): Model[] | "failed" | undefined {
  const [models, setModels] = useState<Model[] | "failed">();
  useEffect(() => {
    if (!open) return;
    const cancelled = new AbortController();
    fetch("/api/v1/models", { signal: cancelled.signal })
      .then(async (response) => {
        if (!response.ok) throw new Error(`${response.status}`);
        const { data } = (await response.json()) as { data: Model[] };
        setModels(data.map(({ id, name }) => ({ id, name })));
      })
      .catch(() => {
        if (!cancelled.signal.aborted) setModels((before) => (Array.isArray(before) ? before : "failed"));
      });
    return () => cancelled.abort();
  }, [open]);
  return models;
}
