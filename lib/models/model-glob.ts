/** Whether a slug is one of those that a pattern means, in which a star stands for any characters: `anthropic/*`. */
export function matchesGlob(slug: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!slug.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return slug === first;
  let at = first.length;
  for (const part of rest) {
    const found = slug.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return slug.length - last.length >= at && slug.endsWith(last);
}
