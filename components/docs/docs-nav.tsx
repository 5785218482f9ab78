"use client";

import { ChevronDownIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isWithin } from "../navigation";
import { cn } from "../ui/cn";

export type ChapterGroup = { title: string; chapters: { href: string; title: string; opening: string }[] };

const reference = { href: "/docs/api", title: "API reference" };

/** The chapters beside the text; on a narrow page above it, folded. */
export function DocsNav({ groups }: { groups: ChapterGroup[] }) {
  const path = usePathname();
  const current = [reference, ...groups.flatMap(({ chapters }) => chapters)].find(({ href }) => isWithin(path, href));
  const list = (
    <nav aria-label="Documentation" className="grid gap-5 text-sm">
      {groups.map(({ title, chapters }, index) => (
        <div key={title}>
          <p className="mb-1.5 font-medium">{title}</p>
          <ul className="grid gap-0.5">
            {(index === 0 ? [...chapters, reference] : chapters).map(({ href, title: name }) => (
              <li key={href}>
                <Link
                  href={href}
                  prefetch={false}
                  aria-current={href === current?.href ? "page" : undefined}
                  className={cn(
                    "block rounded-sm py-1 text-[13px] text-muted-foreground hover:text-foreground",
                    href === current?.href && "font-medium text-foreground",
                  )}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
  return (
    <>
      <aside className="sticky top-14 hidden max-h-[calc(100dvh-3.5rem)] self-start overflow-y-auto py-8 lg:block">
        {list}
      </aside>
      {/* A new page folds it up again. */}
      <details key={path} className="group mt-4 rounded-lg border lg:hidden">
        <summary className="flex cursor-pointer items-center justify-between rounded-lg px-4 py-2.5 text-sm [&::-webkit-details-marker]:hidden">
          <span>
            <span className="text-muted-foreground">Documentation</span>
            {current && <span className="ml-2 font-medium">{current.title}</span>}
          </span>
          <ChevronDownIcon aria-hidden className="size-4 text-muted-foreground group-open:rotate-180" />
        </summary>
        <div className="border-t px-4 py-4">{list}</div>
      </details>
    </>
  );
}
