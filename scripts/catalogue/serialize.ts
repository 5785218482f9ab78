import type { Catalogue } from "@/db/catalogue";

const LIST_OF_STRINGS = /\[\s+("[^"\n]*"(?:,\s+"[^"\n]*")*)\s+\]/g;

/** JSON with one line per datum, so that a diff shows which one changed; lists of names stay on one line. */
export function serialize(catalogue: Catalogue): string {
  const json = JSON.stringify(catalogue, null, 2);
  return `${json.replace(LIST_OF_STRINGS, (_, items: string) => `[${items.replace(/\s*\n\s*/g, " ")}]`)}\n`;
}
