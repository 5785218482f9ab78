import type { OAuthConfig, OIDCConfig } from "next-auth/providers";
import GitHub, { type GitHubProfile } from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import { env } from "@/lib/env";

export type ProviderId = "google" | "github" | "oidc";

/** Those that are set up, with the names for their buttons. */
export function externalProviders(): { id: ProviderId; name: string }[] {
  const { GOOGLE_CLIENT_ID, GITHUB_CLIENT_ID, OIDC_ISSUER, OIDC_NAME } = env();
  return [
    ...(GOOGLE_CLIENT_ID ? [{ id: "google" as const, name: "Google" }] : []),
    ...(GITHUB_CLIENT_ID ? [{ id: "github" as const, name: "GitHub" }] : []),
    ...(OIDC_ISSUER ? [{ id: "oidc" as const, name: OIDC_NAME ?? "single sign-on" }] : []),
  ];
}

/** State and PKCE bind an answer to the browser that asked; where the dialect has it, a nonce binds the token too. */
const CHECKS: ("state" | "pkce")[] = ["state", "pkce"];

export function providerConfigs() {
  const given = env();
  const google = Google({
    clientId: given.GOOGLE_CLIENT_ID,
    clientSecret: given.GOOGLE_CLIENT_SECRET,
    checks: [...CHECKS, "nonce"],
  });
  const oidc: OIDCConfig<Record<string, unknown>> = {
    id: "oidc",
    name: given.OIDC_NAME ?? "single sign-on",
    type: "oidc",
    issuer: given.OIDC_ISSUER,
    clientId: given.OIDC_CLIENT_ID,
    clientSecret: given.OIDC_CLIENT_SECRET,
    checks: [...CHECKS, "nonce"],
  };
  const all = { google, github: github(), oidc };
  return externalProviders().map(({ id }) => all[id]);
}

/** GitHub says apart from the profile which addresses it verified; the public one of the profile is not asked. */
function github(): OAuthConfig<GitHubProfile> {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GITHUB_URL } = env();
  const api = GITHUB_URL ? `${GITHUB_URL}/api/v3` : "https://api.github.com";
  const get = async (path: string, token: string | undefined) => {
    const answer = await fetch(`${api}${path}`, {
      headers: { authorization: `Bearer ${token}`, "user-agent": "openrouter-self-hosted" },
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`GitHub answered ${answer.status} to ${path}`);
    return answer.json();
  };
  return GitHub({
    clientId: GITHUB_CLIENT_ID,
    clientSecret: GITHUB_CLIENT_SECRET,
    checks: CHECKS,
    ...(GITHUB_URL && { enterprise: { baseUrl: GITHUB_URL } }),
    userinfo: {
      url: `${api}/user`,
      async request({ tokens }: { tokens: { access_token?: string } }) {
        const profile: GitHubProfile = await get("/user", tokens.access_token);
        const addresses: { email: string; primary: boolean; verified: boolean }[] = await get(
          "/user/emails",
          tokens.access_token,
        );
        const verified = addresses.find((address) => address.primary && address.verified)?.email ?? null;
        return { ...profile, email: verified, email_verified: verified !== null };
      },
    },
  });
}
