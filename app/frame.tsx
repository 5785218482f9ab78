import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { DISMISSED } from "@/components/announcement-cookie";
import { AppShell } from "@/components/app-shell";
import { db } from "@/db/client";
import { findAccount } from "@/db/queries/accounts";
import { listShownAnnouncements } from "@/db/queries/announcements";
import { requireUser } from "@/lib/auth/session";
import { signOut } from "./(auth)/actions";

/** Around every page behind the sign-in: it says who is signed in and what he has left. */
export async function Frame({ children }: { children: ReactNode }) {
  const { accountId, email, name, role } = await requireUser();
  const [account, shown] = await Promise.all([findAccount(db(), accountId), listShownAnnouncements(db())]);
  const dismissed = (await cookies()).get(DISMISSED)?.value.split(".") ?? [];
  const announcements = shown
    .filter(({ id }) => !dismissed.includes(id))
    .map(({ id, text, severity }) => ({ id, text, severity }));
  const balance = (account?.postedNano ?? 0n) - (account?.heldNano ?? 0n);
  return (
    <AppShell
      person={{ email, name }}
      operator={role === "operator"}
      announcements={announcements}
      balance={balance}
      signOut={signOut}
    >
      {children}
    </AppShell>
  );
}
