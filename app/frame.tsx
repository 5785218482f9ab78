import type { ReactNode } from "react";
import { AppShell } from "@/components/app-shell";
import { db } from "@/db/client";
import { findAccount } from "@/db/queries/accounts";
import { requireUser } from "@/lib/auth/session";
import { signOut } from "./(auth)/actions";

/** Around every page behind the sign-in: it says who is signed in and what he has left. */
export async function Frame({ children }: { children: ReactNode }) {
  const { accountId, email, name, role } = await requireUser();
  const account = await findAccount(db(), accountId);
  const balance = (account?.postedNano ?? 0n) - (account?.heldNano ?? 0n);
  return (
    <AppShell person={{ email, name }} operator={role === "operator"} balance={balance} signOut={signOut}>
      {children}
    </AppShell>
  );
}
