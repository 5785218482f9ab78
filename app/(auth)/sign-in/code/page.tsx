import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { ActionForm, FormField } from "@/components/auth/action-form";
import { AuthCard, TextLink } from "@/components/auth/auth-card";
import { peekToken } from "@/lib/auth/one-time-token";
import { readShortCookie } from "@/lib/auth/short-cookie";
import { submitCode } from "../../actions";
import { type PageProps, queryOf } from "../../query";

export const metadata: Metadata = { title: "Enter your code" };

export default async function CodePage(props: PageProps) {
  const { next } = await queryOf(props, "next");
  if (!(await peekToken("second_factor", (await readShortCookie("second-factor")) ?? ""))) redirect("/sign-in");
  return (
    <AuthCard title="Enter your code" description="The six digits that your authenticator shows, or a recovery code.">
      <ActionForm action={submitCode} hidden={{ next }} submit="Sign in">
        <FormField name="code" label="Code" autoComplete="one-time-code" />
      </ActionForm>
      <p className="text-sm">
        <TextLink href="/sign-in">Sign in as someone else</TextLink>
      </p>
    </AuthCard>
  );
}
