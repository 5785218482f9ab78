"use client";

import { MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Logo } from "./logo";
import { dashboardPages, isWithin, operatorEntry } from "./navigation";
import { Button } from "./ui/button";
import { cn } from "./ui/cn";
import { Sheet, SheetContent, SheetDescription, SheetTitle, SheetTrigger } from "./ui/sheet";

/** The dashboard's navigation: a column on wide screens, a sheet on narrow ones. `children` stand at its foot. */
export function Sidebar({ operator, children }: { operator: boolean; children?: ReactNode }) {
  return (
    <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col border-r bg-sidebar md:flex">
      <div className="flex h-14 items-center px-4">
        <Logo />
      </div>
      <Pages operator={operator} className="flex-1 overflow-y-auto px-2 py-2" />
      <div className="border-t p-3">{children}</div>
    </aside>
  );
}

export function MobileNavigation({ operator, children }: { operator: boolean; children?: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon-sm" className="-ml-1.5 md:hidden" aria-label="Open the navigation">
          <MenuIcon />
        </Button>
      </SheetTrigger>
      <SheetContent side="left" className="gap-0 bg-sidebar">
        <SheetTitle className="sr-only">Navigation</SheetTitle>
        <SheetDescription className="sr-only">The pages of your account</SheetDescription>
        <div className="flex h-14 items-center px-4">
          <Logo />
        </div>
        <Pages operator={operator} className="flex-1 px-2 py-2" onNavigate={() => setOpen(false)} />
        <div className="border-t p-3">{children}</div>
      </SheetContent>
    </Sheet>
  );
}

function Pages({
  operator,
  className,
  onNavigate,
}: {
  operator: boolean;
  className?: string;
  onNavigate?: () => void;
}) {
  const path = usePathname();
  const pages = operator ? [...dashboardPages, operatorEntry] : dashboardPages;
  return (
    <nav aria-label="Dashboard" className={className}>
      <ul className="grid gap-0.5">
        {pages.map(({ href, label, icon: Icon }) => {
          const current = isWithin(path, href);
          return (
            <li key={href}>
              <Link
                href={href}
                onClick={onNavigate}
                aria-current={current ? "page" : undefined}
                className={cn(
                  "flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm transition-colors",
                  current
                    ? "bg-accent font-medium text-foreground"
                    : "text-muted-foreground hover:bg-accent/60 hover:text-foreground",
                )}
              >
                <Icon className="size-4" aria-hidden="true" />
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
