import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/**
 * Refuses a write that a page of another origin may have sent with the visitor's cookie. The browser must say where it
 * comes from; silence and `null` (a sandboxed frame, a redirect) are refused, as are sub-domains and other ports.
 *
 * @throws AppError `permission_denied`
 */
export function requireSameOrigin(headers: { get(name: string): string | null }): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const fromHere = site === null ? origin === ownOrigin(origin, headers.get("host")) : site === "same-origin";
  if (!origin || origin === "null" || !fromHere)
    throw new AppError("permission_denied", "This request did not come from this site.");
}

/** Without APP_URL it is the host that was asked, whichever the protocol in front of it. */
function ownOrigin(origin: string | null, host: string | null): string | undefined {
  const { APP_URL } = env();
  if (APP_URL) return new URL(APP_URL).origin;
  return [`http://${host}`, `https://${host}`].find((candidate) => candidate === origin);
}
