/** What of a URL's query the driver knows, or the server; it would send all others to the server too, which refuses them. */
const KNOWN = new Set([
  "application_name",
  "max_lifetime",
  "options",
  "search_path",
  "ssl",
  "sslmode",
  "sslnegotiation",
  "target_session_attrs",
]);

/** A URL as hosts give it, without what only libpq, a pooler or another driver would understand of it. */
export function connectionUrl(given: string): string {
  const [base = "", query] = given.split("?", 2);
  if (query === undefined) return given;
  const known = new URLSearchParams(query);
  if (known.get("sslrootcert") === "system") known.set("sslmode", "verify-full");
  for (const name of [...known.keys()]) if (!KNOWN.has(name)) known.delete(name);
  return known.size > 0 ? `${base}?${known}` : base;
}

/** Where a URL leads: two that differ only in who knocks are the same place. */
const placeOf = (url: string) => /^[^:]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(url)?.[1] ?? url;

/**
 * Whether connections are shared by statements of different clients (PgBouncer's transaction mode and its like), so that
 * nothing may rest on a session: no prepared statement, no setting. Said by a direct URL to another place, or by the
 * `pgbouncer=true` that some hosts write into the pooled one.
 */
export const isPooled = (url: string, direct: string | undefined): boolean =>
  /[?&]pgbouncer=true(&|$)/.test(url) || (direct !== undefined && placeOf(direct) !== placeOf(url));
