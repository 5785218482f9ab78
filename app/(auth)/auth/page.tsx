import type { Metadata } from "next";
import { AuthCard, TextLink } from "@/components/auth/auth-card";
import { ConsentForm } from "@/components/auth/consent-form";
import { type AskedAuthorization, readAuthorization } from "@/lib/auth/authorization-request";
import { withOutcome } from "@/lib/auth/callback-url";
import { requireUser } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { type PageProps, queryOf } from "../query";
import { authorizeApp } from "./actions";

export const metadata: Metadata = { title: "Let an app use your credits" };

const RESETS = ["daily", "weekly", "monthly"] as const;

export default async function AuthorizePage(props: PageProps) {
  const user = await requireUser();
  const query = await queryOf(
    props,
    ...(["callback_url", "code_challenge", "code_challenge_method", "limit", "usage_limit_type", "key_label"] as const),
  );
  const asked = {
    callback: query.callback_url,
    challenge: query.code_challenge,
    method: query.code_challenge_method,
  };
  const read = readOrRefuse(asked);
  if ("refusal" in read)
    return (
      <AuthCard title="This app's request cannot be granted" description={read.refusal}>
        <p className="text-sm">
          Nothing was shared with it. <TextLink href="/overview">Go to your overview</TextLink>
        </p>
      </AuthCard>
    );
  const { callback } = read;
  const app = callback?.host ?? "A program";
  return (
    <AuthCard
      title={`${app} asks for a key`}
      description={
        <>
          It could call models and spend the credits of <strong className="font-medium">{user.email}</strong>, up to the
          limit that you set. It sees no prompts or answers but its own, and you can disable its key at any time.
        </>
      }
    >
      <ConsentForm
        authorize={authorizeApp}
        asked={asked}
        name={query.key_label?.slice(0, 100) || (callback?.hostname ?? "A program of mine")}
        limit={/^\d{1,9}(\.\d{1,9})?$/.test(query.limit ?? "") ? (query.limit ?? "") : ""}
        reset={RESETS.find((known) => known === query.usage_limit_type) ?? "none"}
        goesTo={callback?.origin}
        refusal={callback ? withOutcome(callback.href, { error: "access_denied" }) : "/overview"}
      />
    </AuthCard>
  );
}

function readOrRefuse(asked: AskedAuthorization) {
  try {
    return readAuthorization(asked);
  } catch (error) {
    if (error instanceof AppError) return { refusal: error.message };
    throw error;
  }
}
