import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, TextLink } from "@/components/auth/auth-card";
import { HOME } from "@/lib/auth/safe-path";
import { currentUser } from "@/lib/auth/session";
import { signUpIsOpen } from "@/lib/auth/sign-up";
import { mailWorks } from "@/lib/mail";
import { mailSignUpLink, signUp } from "../actions";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage() {
  if (await currentUser()) redirect(HOME);
  if (!signUpIsOpen())
    return (
      <AuthCard title="No new accounts" description="This site takes none by itself. Its operator can make you one.">
        <p className="text-sm">
          <TextLink href="/sign-in">Sign in</TextLink>
        </p>
      </AuthCard>
    );
  return (
    <>
      <AuthCard
        title="Create an account"
        description={mailWorks() ? "We send you a link; there you choose a password." : undefined}
      >
        {mailWorks() ? (
          <ActionForm
            action={mailSignUpLink}
            submit="Send me the link"
            done="A message is on its way to that address. The link in it works for a day."
          >
            <FormField name="email" label="E-mail" type="email" autoComplete="username" />
          </ActionForm>
        ) : (
          <ActionForm action={signUp} submit="Create account">
            <FormField name="email" label="E-mail" type="email" autoComplete="username" />
            <FormField name="name" label="Name (optional)" autoComplete="name" />
            <FormField
              name="password"
              label="Password"
              type="password"
              hint="At least 8 characters."
              autoComplete="new-password"
            />
          </ActionForm>
        )}
      </AuthCard>
      <p className="text-sm text-muted-foreground">
        Already have an account? <TextLink href="/sign-in">Sign in</TextLink>
      </p>
    </>
  );
}
