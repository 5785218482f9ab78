import type { ReactNode } from "react";
import { AppShell } from "@/components/app-shell";
import { db } from "@/db/client";
import { findAccount } from "@/db/queries/accounts";
import { requireUser } from "@/lib/auth/session";
import { signOut } from "../(auth)/actions";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { accountId, email, name } = await requireUser();
  const account = await findAccount(db(), accountId);
  const balance = (account?.postedNano ?? 0n) - (account?.heldNano ?? 0n);
  return (
    <AppShell person={{ email, name }} balance={balance} signOut={signOut}>
      {children}
    </AppShell>
  );
}
