import type { Account, Profile } from "next-auth";
import { AppError } from "@/lib/errors";
import { connectPerson, type ExternalPerson, resolvePerson } from "./external-identity";
import { spendToken } from "./one-time-token";
import { record } from "./record";
import { currentUser } from "./session";
import { clearShortCookie, readShortCookie, setShortCookie } from "./short-cookie";
import { passFirstFactor } from "./sign-in";

/** What becomes of someone whom a provider has vouched for: true signs him in, an address is where he goes instead. */
export async function admitPerson(account: Account | null | undefined, profile: Profile | undefined) {
  if (!account || !profile) return "/sign-in?error=failed";
  const person = toPerson(account, profile);
  const link = await readShortCookie("link-identity");
  if (link) return connect(link, person);

  const outcome = await resolvePerson(person);
  if ("refusal" in outcome) return `/sign-in?error=${outcome.refusal}`;
  const progress = await passFirstFactor(outcome.userId);
  if ("ticket" in progress) return true;
  await setShortCookie("second-factor", progress.challenge);
  return "/sign-in/code";
}

/** Only for the very session that asked for it, so that no one connects an identity of his to somebody else's account. */
async function connect(link: string, person: ExternalPerson): Promise<string> {
  await clearShortCookie("link-identity");
  const [asked, user] = await Promise.all([spendToken("link_identity", link).catch(expected), currentUser()]);
  const isOwn = asked && user && asked.userId === user.userId && asked.data?.sessionId === user.sessionId;
  if (!isOwn) return "/sign-in?error=failed";
  if (!(await connectPerson(user.userId, person))) return "/settings/security?connected=elsewhere";
  await record(user.userId, "identity.connect", { provider: person.provider });
  return `/settings/security?connected=${person.provider}`;
}

function expected(error: unknown): undefined {
  if (!(error instanceof AppError)) throw error;
}

/** An address counts only where the provider says, in so many words, that it has verified it. */
const toPerson = ({ provider, providerAccountId }: Account, profile: Profile): ExternalPerson => ({
  provider,
  subject: providerAccountId,
  email: profile.email_verified === true && profile.email ? profile.email : null,
  name: typeof profile.name === "string" ? profile.name : null,
});
