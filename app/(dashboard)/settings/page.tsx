import type { Metadata } from "next";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { PageHeader } from "@/components/page-header";
import { NameForm } from "@/components/settings/name-form";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { usdText } from "@/components/usd";
import { db } from "@/db/client";
import { findAccount } from "@/db/queries/accounts";
import { requireUser } from "@/lib/auth/session";
import { mailWorks } from "@/lib/mail";
import { askForEmail, deleteAccount, rename } from "./actions";

export const metadata: Metadata = { title: "Profile" };

const CONFIRM = "/confirm?next=/settings";

export default async function ProfilePage() {
  const { accountId, email, name } = await requireUser();
  const account = await findAccount(db(), accountId);
  const left = account?.postedNano ?? 0n;
  return (
    <>
      <PageHeader title="Profile" description="Who you are here, and what is kept of you." />
      <div className="grid max-w-2xl gap-6 sm:[&_button[type=submit]]:justify-self-start">
        <Card>
          <CardHeader>
            <CardTitle>Who you are</CardTitle>
          </CardHeader>
          <CardContent>
            <NameForm given={name ?? ""} rename={rename} />
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>E-mail address</CardTitle>
            <CardDescription className="break-words">
              {mailWorks()
                ? `You sign in as ${email}. A new address counts once you have followed the link that is sent to it.`
                : `You sign in as ${email}. This server sends no mail, so that a new address could not be confirmed: ask its operator.`}
            </CardDescription>
          </CardHeader>
          {mailWorks() && (
            <CardContent>
              <ActionForm
                action={askForEmail}
                submit="Send a link there"
                variant="outline"
                confirmAt={CONFIRM}
                done="A message is on its way. The link in it works for an hour."
              >
                <FormField name="email" label="New address" type="email" autoComplete="email" />
              </ActionForm>
            </CardContent>
          )}
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Your data</CardTitle>
            <CardDescription>
              All that is kept of you in one JSON file: profile, sessions, keys without their secrets, presets,
              settings, payments, ledger, log and kept prompts. The ledger and the log are there as tables too.
            </CardDescription>
          </CardHeader>
          <CardContent className="flex flex-wrap gap-2">
            <Download href="/settings/export">Everything, JSON</Download>
            <Download href="/credits/ledger/export">Ledger, CSV</Download>
            <Download href="/activity/logs/export">Log, CSV</Download>
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Delete the account</CardTitle>
            <CardDescription>
              Your keys stop at once, and your name, address, presets, provider keys and settings are deleted. The
              ledger, payments, log and audit entries stay, as books must, under a number instead of your name.{" "}
              {left > 0n && `The ${usdText(left)} on your balance are lost. `}
              This cannot be undone.
            </CardDescription>
          </CardHeader>
          <CardContent>
            <ActionForm action={deleteAccount} submit="Delete the account" variant="destructive" confirmAt={CONFIRM}>
              <FormField name="confirmation" label="Your e-mail address, to confirm" type="email" autoComplete="off" />
            </ActionForm>
          </CardContent>
        </Card>
      </div>
    </>
  );
}

const Download = ({ href, children }: { href: string; children: string }) => (
  <Button variant="outline" asChild>
    <a href={href} download>
      {children}
    </a>
  </Button>
);
