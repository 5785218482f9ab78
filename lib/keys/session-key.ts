import { db } from "@/db/client";
import { insertSessionKey } from "@/db/queries/session-keys";
import { AppError } from "@/lib/errors";
import { apiKeyLabel, hashApiKey, newApiKey } from "./api-key";

/** A tab asks once an hour, and once when it is opened. */
const MOST_AN_HOUR = 60;

/**
 * An inference key for a page of ours, with which the browser calls the public API like anyone else: the API takes no
 * cookies. It ends with the session, or after an hour, and `name` is what the log calls it.
 *
 * @throws AppError `rate_limit_exceeded`
 */
export async function mintSessionKey(sessionId: string, name: string): Promise<{ key: string; expiresAt: Date }> {
  const key = newApiKey();
  const row = { sessionId, name, hash: hashApiKey(key), label: apiKeyLabel(key) };
  const expiresAt = await insertSessionKey(db(), row, MOST_AN_HOUR);
  if (!expiresAt) throw new AppError("rate_limit_exceeded", "This sign-in was given too many keys. Try again later.");
  return { key, expiresAt };
}
