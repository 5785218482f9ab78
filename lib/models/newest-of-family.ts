import type { Catalogue, Model } from "./catalogue";

const ALIAS = /^~([^/]+\/.+)-latest$/;
const VERSION = /-(\d{1,4}(?:\.\d{1,4})*)(?=-|$)/;

/**
 * `~author/family-latest`: the model of the highest version whose slug is the family when its version is taken out, so
 * that `~google/gemini-flash-latest` may be `google/gemini-3.8-flash`, and `~openai/gpt-latest` is no `gpt-6-mini`.
 * Undefined for every other name.
 */
export function newestOfFamily({ models }: Catalogue, name: string): Model | undefined {
  const [, family] = ALIAS.exec(name) ?? [];
  if (family === undefined) return undefined;
  const versions = [...models.values()].flatMap((model) => {
    const version = VERSION.exec(model.slug)?.[1];
    return version !== undefined && model.slug.replace(VERSION, "") === family
      ? [{ model, version: version.split(".").map(Number) }]
      : [];
  });
  return versions.sort((a, b) => byVersion(b.version, a.version))[0]?.model;
}

function byVersion(a: number[], b: number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
