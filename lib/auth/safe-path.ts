/** Where a sign-in leads when nothing else was asked for. */
export const HOME = "/overview";

/** A path of this site, whatever was asked for: never another host, never a script. */
export function safePath(asked: unknown): string {
  if (typeof asked !== "string" || !asked.startsWith("/")) return HOME;
  const base = "http://here.invalid";
  const url = URL.parse(asked, base);
  if (url?.origin !== base) return HOME;
  const path = url.pathname + url.search;
  // A path that begins with two strokes is a host to the next one who reads it.
  return path.startsWith("//") ? HOME : path;
}
