import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard } from "@/components/auth/auth-card";
import { safePath } from "@/lib/auth/safe-path";
import { recentlySignedIn, requireUser } from "@/lib/auth/session";
import { findWaysIn } from "@/lib/auth/ways-in";
import { confirm, signOut } from "../actions";
import { type PageProps, queryOf } from "../query";

export const metadata: Metadata = { title: "Confirm that it is you" };

export default async function ConfirmPage(props: PageProps) {
  const user = await requireUser();
  const { next } = await queryOf(props, "next");
  if (recentlySignedIn(user)) redirect(safePath(next));
  const { hasPassword, hasSecondFactor } = await findWaysIn(user.userId);
  return (
    <AuthCard title="Confirm that it is you" description={`You are signed in as ${user.email}.`}>
      {hasSecondFactor ? (
        <ActionForm action={confirm} hidden={{ next }} submit="Confirm">
          <FormField name="code" label="Code of your authenticator" autoComplete="one-time-code" />
        </ActionForm>
      ) : hasPassword ? (
        <ActionForm action={confirm} hidden={{ next }} submit="Confirm">
          <FormField name="password" label="Password" type="password" autoComplete="current-password" />
        </ActionForm>
      ) : (
        <>
          <p className="text-sm">You have no password here. Sign out and in again, then go on within ten minutes.</p>
          <ActionForm action={signOut} submit="Sign out" variant="outline" />
        </>
      )}
    </AuthCard>
  );
}
