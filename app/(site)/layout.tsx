import type { ReactNode } from "react";
import { CommandPalette } from "@/components/command-palette";
import { SiteHeader } from "@/components/site/site-header";
import { SkipLink } from "@/components/skip-link";
import { currentUser } from "@/lib/auth/session";

export default async function SiteLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <SiteHeader signedIn={(await currentUser()) !== undefined} search={<CommandPalette />} />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 outline-none sm:px-6">
        {children}
      </main>
      <footer className="mx-auto w-full max-w-6xl px-4 py-10 text-[13px] text-muted-foreground sm:px-6">
        OpenRouter, self-hosted. MIT licence.
      </footer>
    </div>
  );
}
