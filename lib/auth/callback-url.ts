const LONGEST = 2_000;
const HERE = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Where an app may be sent a code: an https address, or an http one on the user's own machine, at any port. Undefined for
 * every other, also for one with a user name in it, which would make its host look like another.
 */
export function readCallbackUrl(text: string | undefined): URL | undefined {
  const url = text === undefined || text.length > LONGEST ? undefined : URL.parse(text);
  if (!url || url.username || url.password || url.hash) return undefined;
  return url.protocol === "https:" || (url.protocol === "http:" && HERE.has(url.hostname)) ? url : undefined;
}

/** The callback with the outcome in its query, beside what the app put there itself. */
export function withOutcome(callback: string, outcome: { code: string } | { error: string }): string {
  const url = new URL(callback);
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  return url.href;
}
