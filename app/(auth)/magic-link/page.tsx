import type { Metadata } from "next";
import { ActionForm } from "@/components/auth/action-form";
import { AuthCard, DeadLink } from "@/components/auth/auth-card";
import { peekToken } from "@/lib/auth/one-time-token";
import { openMagicLink } from "../actions";
import { ClaimNote } from "../claim-note";
import { type PageProps, queryOf } from "../query";

export const metadata: Metadata = { title: "Sign in", referrer: "no-referrer" };

export default async function MagicLinkPage(props: PageProps) {
  const { token = "" } = await queryOf(props, "token");
  const asked = await peekToken("magic_link", token);
  if (!asked?.email) return <DeadLink href="/sign-in?link" again="Ask for a new one" />;
  return (
    <AuthCard title="Sign in" description={`As ${asked.email}.`}>
      <ClaimNote userId={asked.userId} />
      <ActionForm action={openMagicLink} hidden={{ token }} submit="Sign in" />
    </AuthCard>
  );
}
