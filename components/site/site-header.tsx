import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "../logo";
import { ThemeToggle } from "../theme-toggle";
import { Button } from "../ui/button";

const pages = [
  { href: "/models", label: "Models" },
  { href: "/rankings", label: "Rankings" },
  { href: "/docs", label: "Docs" },
];

/** The head of the pages that anyone may see. `search` opens the command palette. */
export function SiteHeader({ signedIn, search }: { signedIn: boolean; search?: ReactNode }) {
  return (
    <header className="sticky top-0 z-20 border-b bg-background">
      <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4 sm:gap-4 sm:px-6">
        <Logo />
        <nav aria-label="Site" className="ml-2 hidden gap-3 sm:flex">
          {pages.map(({ href, label }) => (
            <Link
              key={href}
              href={href}
              className="rounded-sm px-1 text-sm text-muted-foreground hover:text-foreground"
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-1">
          {search}
          <ThemeToggle />
          {signedIn ? (
            <Button size="sm" variant="outline" asChild className="ml-1">
              <Link href="/overview">Dashboard</Link>
            </Button>
          ) : (
            <>
              <Button size="sm" variant="ghost" asChild>
                <Link href="/sign-in">Sign in</Link>
              </Button>
              <Button size="sm" asChild className="max-sm:hidden">
                <Link href="/sign-up">Sign up</Link>
              </Button>
            </>
          )}
        </div>
      </div>
    </header>
  );
}
