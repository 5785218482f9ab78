import type { Metadata } from "next";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, DeadLink } from "@/components/auth/auth-card";
import { peekToken } from "@/lib/auth/one-time-token";
import { confirmAddress, finishSignUp } from "../actions";
import { ClaimNote } from "../claim-note";
import { type PageProps, queryOf } from "../query";

export const metadata: Metadata = { title: "Your address", referrer: "no-referrer" };

/** Where a mailed link leads: to a new account, or to the confirmation of one that is there. Opening it changes nothing. */
export default async function VerifyPage(props: PageProps) {
  const { token = "" } = await queryOf(props, "token");
  const asked = await peekToken("verify_email", token);
  if (!asked?.email) return <DeadLink href="/sign-in" again="Sign in, or ask for a new one" />;
  if (asked.userId)
    return (
      <AuthCard title="Confirm your address" description={asked.email}>
        <ClaimNote userId={asked.userId} />
        <ActionForm
          action={confirmAddress}
          hidden={{ token }}
          submit="Confirm"
          done="The address is confirmed. You can close this page."
        />
      </AuthCard>
    );
  return (
    <AuthCard title="Create your account" description={`For ${asked.email}.`}>
      <ActionForm action={finishSignUp} hidden={{ token }} submit="Create account">
        <FormField name="name" label="Name (optional)" autoComplete="name" />
        <FormField
          name="password"
          label="Password"
          type="password"
          hint="At least 8 characters."
          autoComplete="new-password"
        />
      </ActionForm>
    </AuthCard>
  );
}
