"use client";

import { XIcon } from "lucide-react";
import Link from "next/link";
import { Button } from "../ui/button";
import type { ModelRow } from "./model-row";
import { MOST_COMPARED } from "./model-search";

/** Stays at the foot of the window while models are chosen to be compared. */
export function CompareBar({
  models,
  compared,
  toggle,
  clear,
}: {
  models: ModelRow[];
  compared: string[];
  toggle: (slug: string) => void;
  clear: () => void;
}) {
  if (compared.length === 0) return null;
  const names = new Map(models.map(({ slug, name }) => [slug, name]));
  return (
    <section
      aria-label="Models to compare"
      className="sticky bottom-4 z-10 mt-4 flex flex-wrap items-center gap-2 rounded-lg border bg-popover p-2 pl-3 shadow-md"
    >
      <ul className="flex min-w-0 flex-1 flex-wrap gap-1.5">
        {compared.map((slug) => (
          <li
            key={slug}
            className="flex max-w-full items-center gap-1 rounded-sm bg-secondary py-0.5 pr-0.5 pl-2 text-[13px]"
          >
            <span className="truncate">{names.get(slug) ?? slug}</span>
            <button
              type="button"
              onClick={() => toggle(slug)}
              aria-label={`Do not compare ${names.get(slug) ?? slug}`}
              className="cursor-pointer rounded-sm p-1 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
            >
              <XIcon className="size-3" />
            </button>
          </li>
        ))}
      </ul>
      <span className="text-xs text-muted-foreground tabular-nums">
        {compared.length} of {MOST_COMPARED}
      </span>
      <Button variant="ghost" size="sm" onClick={clear}>
        Clear
      </Button>
      {compared.length < 2 ? (
        <Button size="sm" disabled>
          Compare
        </Button>
      ) : (
        <Button size="sm" asChild>
          <Link href={`/models/compare?models=${compared.map(encodeURIComponent).join(",")}`}>Compare</Link>
        </Button>
      )}
    </section>
  );
}
