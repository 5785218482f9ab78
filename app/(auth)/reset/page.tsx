import type { Metadata } from "next";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, DeadLink } from "@/components/auth/auth-card";
import { peekToken } from "@/lib/auth/one-time-token";
import { setNewPassword } from "../actions";
import { ClaimNote } from "../claim-note";
import { type PageProps, queryOf } from "../query";

export const metadata: Metadata = { title: "Choose a new password", referrer: "no-referrer" };

export default async function ResetPage(props: PageProps) {
  const { token = "" } = await queryOf(props, "token");
  const asked = await peekToken("reset_password", token);
  if (!asked?.email) return <DeadLink href="/forgot" again="Ask for a new one" />;
  return (
    <AuthCard title="Choose a new password" description={`For ${asked.email}. Every device will be signed out.`}>
      <ClaimNote userId={asked.userId} />
      <ActionForm action={setNewPassword} hidden={{ token }} submit="Set the password">
        <FormField
          name="password"
          label="New password"
          type="password"
          hint="At least 8 characters."
          autoComplete="new-password"
        />
      </ActionForm>
    </AuthCard>
  );
}
