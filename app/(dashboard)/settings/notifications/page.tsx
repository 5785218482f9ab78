import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { NoticesForm } from "@/components/settings/notices-form";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { db } from "@/db/client";
import { findAccountSettings } from "@/db/queries/account-settings";
import { requireUser } from "@/lib/auth/session";
import { mailWorks } from "@/lib/mail";
import { formatUsd } from "@/lib/money";
import { saveNotices } from "./actions";

export const metadata: Metadata = { title: "Notifications" };

export default async function NotificationsPage() {
  const { accountId, email, emailVerified } = await requireUser();
  const settings = await findAccountSettings(db(), accountId);
  return (
    <>
      <PageHeader title="Notifications" description={`By mail to ${email}, once each time that it comes to it.`} />
      <div className="grid max-w-2xl gap-6">
        {!mailWorks() ? (
          <Alert variant="warning">
            <AlertTitle>This server sends no mail</AlertTitle>
            <AlertDescription>
              You are told nothing until its operator sets it up. What you save here counts from then on.
            </AlertDescription>
          </Alert>
        ) : (
          !emailVerified && (
            <Alert variant="warning">
              <AlertTitle>Your address is not confirmed</AlertTitle>
              <AlertDescription>
                You are told nothing until it is.{" "}
                <Link href="/settings/security" className="text-foreground underline">
                  Confirm it
                </Link>
                .
              </AlertDescription>
            </Alert>
          )
        )}
        <NoticesForm
          lowBalance={settings?.lowBalanceNano == null ? "" : formatUsd(settings.lowBalanceNano)}
          keyLimits={settings?.tellsKeyLimits ?? false}
          save={saveNotices}
        />
      </div>
    </>
  );
}
