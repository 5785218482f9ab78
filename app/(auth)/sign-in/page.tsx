import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, TextLink } from "@/components/auth/auth-card";
import { Alert, AlertDescription } from "@/components/ui/alert";
import { Separator } from "@/components/ui/separator";
import { externalProviders } from "@/lib/auth/providers";
import { safePath } from "@/lib/auth/safe-path";
import { currentUser } from "@/lib/auth/session";
import { signUpIsOpen } from "@/lib/auth/sign-up";
import { mailWorks } from "@/lib/mail";
import { mailMagicLink, signInElsewhere, signInWithPassword } from "../actions";
import { type PageProps, queryOf } from "../query";

export const metadata: Metadata = { title: "Sign in" };

/** What the address can ask the page to say; anything else is "failed". */
const sentences = {
  unverified: "That account has no e-mail address which its provider has verified.",
  taken:
    "There is an account with this e-mail address already. Sign in to it as you always do, then connect the other account under Settings, Security.",
  closed: "This site takes no new accounts. Ask its operator.",
  disabled: "This account is disabled.",
  failed: "The sign-in did not work. Try again.",
};

const sentence = (error: string) =>
  sentences[Object.hasOwn(sentences, error) ? (error as keyof typeof sentences) : "failed"];

export default async function SignInPage(props: PageProps) {
  const { next, error, link } = await queryOf(props, "next", "error", "link");
  if ((await currentUser()) && !error) redirect(safePath(next));
  const providers = externalProviders();
  const byLink = mailWorks() && link !== undefined;
  return (
    <>
      <AuthCard title="Sign in">
        {error && (
          <Alert variant="destructive">
            <AlertDescription>{sentence(error)}</AlertDescription>
          </Alert>
        )}
        {byLink ? <LinkForm /> : <PasswordForm next={next} />}
        {mailWorks() && (
          <p className="text-sm">
            {byLink ? (
              <TextLink href="/sign-in">Sign in with a password</TextLink>
            ) : (
              <TextLink href="/sign-in?link">Get a link by mail instead</TextLink>
            )}
          </p>
        )}
        {providers.length > 0 && <Separator />}
        {providers.map(({ id, name }) => (
          <ActionForm
            key={id}
            action={signInElsewhere}
            hidden={{ provider: id, next }}
            submit={`Continue with ${name}`}
            variant="outline"
          />
        ))}
      </AuthCard>
      {signUpIsOpen() && (
        <p className="text-sm text-muted-foreground">
          No account yet? <TextLink href="/sign-up">Create one</TextLink>
        </p>
      )}
    </>
  );
}

function PasswordForm({ next }: { next?: string }) {
  return (
    <>
      <ActionForm action={signInWithPassword} hidden={{ next }} submit="Sign in">
        <FormField name="email" label="E-mail" type="email" autoComplete="username" />
        <FormField name="password" label="Password" type="password" autoComplete="current-password" />
      </ActionForm>
      {mailWorks() && (
        <p className="text-sm">
          <TextLink href="/forgot">Forgot the password?</TextLink>
        </p>
      )}
    </>
  );
}

function LinkForm() {
  return (
    <ActionForm
      action={mailMagicLink}
      submit="Send me a link"
      done="If that address can sign in here, a link is on its way. It works for 15 minutes."
    >
      <FormField name="email" label="E-mail" type="email" autoComplete="username" />
    </ActionForm>
  );
}
