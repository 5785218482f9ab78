import type { Metadata } from "next";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, TextLink } from "@/components/auth/auth-card";
import { mailWorks } from "@/lib/mail";
import { mailResetLink } from "../actions";

export const metadata: Metadata = { title: "A new password" };

export default function ForgotPage() {
  if (!mailWorks())
    return (
      <AuthCard title="A new password" description="This site sends no mail. Ask its operator for a new password.">
        <p className="text-sm">
          <TextLink href="/sign-in">Sign in</TextLink>
        </p>
      </AuthCard>
    );
  return (
    <AuthCard title="A new password" description="We send you a link where you can choose one.">
      <ActionForm
        action={mailResetLink}
        submit="Send me the link"
        done="If there is an account with that address, a link is on its way. It works for an hour."
      >
        <FormField name="email" label="E-mail" type="email" autoComplete="username" />
      </ActionForm>
      <p className="text-sm">
        <TextLink href="/sign-in">Sign in</TextLink>
      </p>
    </AuthCard>
  );
}
