import type { Metadata } from "next";
import { ActionForm } from "@/components/auth/action-form";
import { AuthCard, DeadLink } from "@/components/auth/auth-card";
import { askedEmail } from "@/lib/auth/change-email";
import { requireUser } from "@/lib/auth/session";
import { type PageProps, queryOf } from "../query";
import { takeNewEmail } from "./actions";

export const metadata: Metadata = { title: "Your new address", referrer: "no-referrer" };

/** Where the mail to a new address leads. Opening it changes nothing. */
export default async function EmailPage(props: PageProps) {
  const user = await requireUser();
  const { token = "" } = await queryOf(props, "token");
  const email = await askedEmail(user, token);
  if (!email) return <DeadLink href="/settings" again="Go to your settings, and ask for a new one" />;
  return (
    <AuthCard title="Your new address" description={`${email} in place of ${user.email}.`}>
      <p className="text-sm">You stay signed in here, and are signed out everywhere else.</p>
      <ActionForm action={takeNewEmail} hidden={{ token }} submit="Use this address" />
    </AuthCard>
  );
}
