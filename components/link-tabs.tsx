"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { isWithin } from "./navigation";
import { cn } from "./ui/cn";

export type LinkTab = { href: string; label: string };

/** Tabs that are pages of their own, each with its address. */
export function LinkTabs({ label, tabs }: { label: string; tabs: LinkTab[] }) {
  const path = usePathname();
  // The first tab's address is also the beginning of the others'.
  const current = tabs.findLast(({ href }) => isWithin(path, href));
  return (
    <nav aria-label={label} className="mb-6 overflow-x-auto border-b">
      <ul className="flex gap-5">
        {tabs.map((tab) => {
          const { href, label } = tab;
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={tab === current ? "page" : undefined}
                className={cn(
                  "block border-b-2 border-transparent py-2 text-sm font-medium whitespace-nowrap text-muted-foreground outline-none transition-colors hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset",
                  tab === current && "border-foreground text-foreground",
                )}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
