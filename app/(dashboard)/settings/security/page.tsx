import type { Metadata } from "next";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { SecondFactor } from "@/components/auth/second-factor";
import { SessionTable } from "@/components/auth/session-table";
import { PageHeader } from "@/components/page-header";
import { Alert, AlertDescription } from "@/components/ui/alert";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { db } from "@/db/client";
import { listSessions } from "@/db/queries/sessions";
import { requireUser } from "@/lib/auth/session";
import { findWaysIn } from "@/lib/auth/ways-in";
import { mailWorks } from "@/lib/mail";
import * as actions from "./actions";

export const metadata: Metadata = { title: "Security" };

const CONFIRM = "/confirm?next=/settings/security";

export default async function SecurityPage({ searchParams }: { searchParams: Promise<{ connected?: string }> }) {
  const user = await requireUser();
  const { connected } = await searchParams;
  const [ways, sessions] = await Promise.all([findWaysIn(user.userId), listSessions(db(), user.userId)]);
  return (
    <>
      <PageHeader title="Security" description="How you sign in, and where you are signed in." />
      <div className="grid max-w-2xl gap-6 sm:[&_button[type=submit]]:justify-self-start">
        {connected === "elsewhere" && (
          <Alert variant="destructive">
            <AlertDescription>
              That account is connected to somebody else here, or you have another one of it.
            </AlertDescription>
          </Alert>
        )}
        {!user.emailVerified && mailWorks() && (
          <Card>
            <CardHeader>
              <CardTitle>Confirm your address</CardTitle>
              <CardDescription>{user.email} is not confirmed yet.</CardDescription>
            </CardHeader>
            <CardContent>
              <ActionForm
                action={actions.mailVerification}
                submit="Send me a link"
                variant="outline"
                done="A message is on its way. The link in it works for a day."
              />
            </CardContent>
          </Card>
        )}
        <Card>
          <CardHeader>
            <CardTitle>Password</CardTitle>
            <CardDescription>A new password signs you out on every other device.</CardDescription>
          </CardHeader>
          <CardContent>
            <ActionForm
              action={actions.setPassword}
              submit="Set the password"
              confirmAt={CONFIRM}
              done="The password is set."
            >
              {ways.hasPassword && (
                <FormField name="current" label="Current password" type="password" autoComplete="current-password" />
              )}
              <FormField
                name="password"
                label="New password"
                type="password"
                hint="At least 8 characters."
                autoComplete="new-password"
              />
            </ActionForm>
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Two-factor sign-in</CardTitle>
            <CardDescription>
              {ways.hasSecondFactor
                ? `On. ${ways.recoveryCodes} recovery codes are left.`
                : "Off. With it, a sign-in also asks for a code of an authenticator app."}
            </CardDescription>
          </CardHeader>
          <CardContent>
            <SecondFactor
              isOn={ways.hasSecondFactor}
              confirmAt={CONFIRM}
              begin={actions.beginSecondFactor}
              confirm={actions.confirmSecondFactor}
              turnOff={actions.turnOffSecondFactor}
              renew={actions.newRecoveryCodes}
            />
          </CardContent>
        </Card>
        {ways.providers.length > 0 && (
          <Card>
            <CardHeader>
              <CardTitle>Other accounts</CardTitle>
              <CardDescription>Those that you can sign in with.</CardDescription>
            </CardHeader>
            <CardContent className="grid gap-4">
              {ways.providers.map(({ id, name, isConnected, email }) => (
                <div key={id} className="grid gap-2">
                  <p className="text-sm">
                    {name}: {isConnected ? (email ?? "connected") : "not connected"}
                  </p>
                  <ActionForm
                    action={isConnected ? actions.disconnectProvider : actions.connectProvider}
                    hidden={{ provider: id }}
                    submit={isConnected ? `Disconnect ${name}` : `Connect ${name}`}
                    variant="outline"
                    confirmAt={CONFIRM}
                  />
                </div>
              ))}
            </CardContent>
          </Card>
        )}
        <Card>
          <CardHeader>
            <CardTitle>Where you are signed in</CardTitle>
            <CardDescription>A session ends after a week without use, and after thirty days.</CardDescription>
          </CardHeader>
          <CardContent className="grid gap-4">
            <SessionTable sessions={sessions} currentId={user.sessionId} end={actions.endSession} />
            {sessions.length > 1 && (
              <ActionForm action={actions.endOtherSessions} submit="Sign out everywhere else" variant="outline" />
            )}
          </CardContent>
        </Card>
      </div>
    </>
  );
}
