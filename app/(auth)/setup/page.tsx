import type { Metadata } from "next";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, DeadLink } from "@/components/auth/auth-card";
import { peekToken } from "@/lib/auth/one-time-token";
import { setUp } from "../actions";
import { type PageProps, queryOf } from "../query";

export const metadata: Metadata = { title: "The first operator", referrer: "no-referrer" };

export default async function SetupPage(props: PageProps) {
  const { token = "" } = await queryOf(props, "token");
  if (!(await peekToken("operator_setup", token)))
    return <DeadLink href="/sign-in" again="Sign in, or start the server again for a new link" />;
  return (
    <AuthCard
      title="The first operator"
      description="Operators see every account, and set providers, models and prices."
    >
      <ActionForm action={setUp} hidden={{ token }} submit="Create the operator">
        <FormField name="email" label="E-mail" type="email" autoComplete="username" />
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
