import Link from "next/link";
import type { ReactNode } from "react";
import type { Nanos } from "@/lib/money";
import { AccountMenu, type SignOut } from "./account-menu";
import { type Announcement, AnnouncementBanner } from "./announcement-banner";
import { CommandPalette } from "./command-palette";
import { Logo } from "./logo";
import { MobileNavigation, Sidebar } from "./sidebar";
import { SkipLink } from "./skip-link";
import { ThemeToggle } from "./theme-toggle";
import { Usd } from "./usd";

type Person = { email: string; name: string | null };

/** The frame of every page behind the sign-in. `balance` is what can still be spent; `signOut` ends the session. */
export function AppShell({
  person,
  operator,
  announcements,
  balance,
  signOut,
  children,
}: {
  person: Person;
  /** Whether the operator's pages are among those that he can go to. */
  operator: boolean;
  announcements: Announcement[];
  balance: Nanos;
  signOut: SignOut;
  children: ReactNode;
}) {
  const foot = (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Balance nanos={balance} />
      <AccountMenu person={person} signOut={signOut} />
    </div>
  );
  return (
    <div className="flex min-h-dvh">
      <SkipLink />
      <Sidebar operator={operator}>{foot}</Sidebar>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b bg-background px-4 md:px-8">
          <MobileNavigation operator={operator}>{foot}</MobileNavigation>
          <div className="md:hidden">
            <Logo />
          </div>
          <div className="ml-auto flex items-center gap-1">
            <CommandPalette operator={operator} />
            <ThemeToggle />
          </div>
        </header>
        <AnnouncementBanner announcements={announcements} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 outline-none has-[[data-full-page]]:max-w-none has-[[data-full-page]]:p-0 md:px-8 md:has-[[data-full-page]]:p-0"
        >
          {children}
        </main>
      </div>
    </div>
  );
}

function Balance({ nanos }: { nanos: Nanos }) {
  return (
    <Link href="/credits" className="block rounded-md px-2 py-1.5 transition-colors hover:bg-accent/60">
      <span className="block text-xs text-muted-foreground">Balance</span>
      <Usd nanos={nanos} className="text-sm font-medium" />
    </Link>
  );
}
