import { db } from "@/db/client";
import { isClaimed } from "@/db/queries/users";
import { currentUser } from "@/lib/auth/session";

/** What going on takes away from whoever made the account; see `markVerified`. */
export async function ClaimNote({ userId }: { userId: string | null }) {
  if (!userId || (await currentUser())?.userId === userId || !(await isClaimed(db(), userId))) return null;
  return (
    <p className="text-sm text-pretty text-muted-foreground">
      This account was made before anybody had shown that the address is theirs. Going on makes it yours: its password,
      connected accounts, authenticator app, sessions and keys end. If you made it, sign in on this device first and
      open the link again: then everything stays.
    </p>
  );
}
