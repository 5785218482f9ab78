import { AppError } from "@/lib/errors";
import { CHALLENGE_METHODS, type Challenge, PKCE_TEXT } from "./app-code";
import { readCallbackUrl } from "./callback-url";

export type AskedAuthorization = { callback?: string; challenge?: string; method?: string };

/**
 * What an app asks of a user at /auth: where the code goes, and what the app will prove itself by. Without a callback the
 * code is shown to the user, and the proof is not optional.
 *
 * @throws AppError `invalid_request`, in words for the user
 */
export function readAuthorization({ callback, challenge, method }: AskedAuthorization): {
  callback: URL | undefined;
  challenge: Challenge | undefined;
} {
  const url = readCallbackUrl(callback);
  if (callback !== undefined && !url)
    throw refused("The address that it wants you to be sent to is neither https nor on this computer.");
  if (challenge === undefined && (method !== undefined || !url)) throw refused("It sent no code challenge.");
  if (challenge !== undefined && !PKCE_TEXT.test(challenge)) throw refused("Its code challenge is malformed.");
  const known = CHALLENGE_METHODS.find((name) => name === (method ?? "S256"));
  if (!known) throw refused("Its code challenge is made in a way that is not known here.");
  return { callback: url, challenge: challenge === undefined ? undefined : { text: challenge, method: known } };
}

const refused = (message: string) => new AppError("invalid_request", message);
