import { db } from "@/db/client";
import { findUserByEmail, insertUser } from "@/db/queries/accounts";
import { findIdentity, insertIdentity } from "@/db/queries/identities";
import { findUser, updateName } from "@/db/queries/users";
import { normalizeEmail } from "./email-address";
import { signUpIsOpen } from "./sign-up";
import { markVerified } from "./verified-address";

/** What a provider says of a person. `subject` never changes; `email` is null where it did not verify it. */
export type ExternalPerson = { provider: string; subject: string; email: string | null; name: string | null };

/** Why someone whom a provider vouches for is not signed in; each has a sentence on the sign-in page. */
export type Refusal = "unverified" | "taken" | "closed" | "disabled" | "elsewhere";

/**
 * The user behind a person at a provider, made if he is new.
 *
 * An address alone never connects a person to an account that is there already: what a provider says about an address
 * is worth as much as its care for it, and a mailbox may have changed hands since. Whoever owns the account signs in as
 * he always did, and connects the provider in his settings.
 */
export async function resolvePerson({ provider, subject, email, name }: ExternalPerson) {
  const identity = await findIdentity(db(), provider, subject);
  if (identity) {
    const user = await findUser(db(), identity.userId);
    return user && !user.disabledAt ? { userId: user.id } : refuse("disabled");
  }
  if (!email) return refuse("unverified");
  const address = normalizeEmail(email);
  if (await findUserByEmail(db(), address)) return refuse("taken");
  if (!signUpIsOpen()) return refuse("closed");
  const user = await insertUser({ email: address, passwordHash: null, role: "user" });
  if (!user || !(await insertIdentity(db(), { provider, subject, userId: user.id, email: address })))
    return refuse("taken");
  if (name) await updateName(db(), user.id, name.slice(0, 100));
  await markVerified(user.id, address);
  return { userId: user.id };
}

/** For whoever is signed in and asked for it. False when the identity is another user's, or he has one of that provider. */
export async function connectPerson(userId: string, { provider, subject, email }: ExternalPerson): Promise<boolean> {
  const identity = await findIdentity(db(), provider, subject);
  if (identity) return identity.userId === userId;
  return insertIdentity(db(), { provider, subject, userId, email });
}

const refuse = (refusal: Refusal) => ({ refusal });
