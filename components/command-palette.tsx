"use client";

import { SearchIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { Button } from "./ui/button";

/** Fetched when it is first opened. */
const CommandMenu = dynamic(() => import("./command-menu").then(({ CommandMenu }) => CommandMenu), { ssr: false });

/** Ctrl+K or ⌘K, from anywhere: pages, models, the theme. */
export function CommandPalette({ operator = false }: { operator?: boolean }) {
  const [open, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setWasOpened(true);
      setOpen((before) => !before);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <Button
        variant="outline"
        size="sm"
        className="gap-2 px-2 font-normal text-muted-foreground"
        aria-label="Search pages and models"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => {
          setWasOpened(true);
          setOpen(true);
        }}
      >
        <SearchIcon />
        <span className="max-sm:hidden">Search</span>
        <kbd className="rounded-sm border px-1 text-[11px] max-sm:hidden">Ctrl K</kbd>
      </Button>
      {wasOpened && <CommandMenu operator={operator} open={open} setOpen={setOpen} />}
    </>
  );
}
