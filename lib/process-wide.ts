/** What this module graph has looked up already: a map is a tenth of the cost of a registered symbol. */
const seen = new Map<string, unknown>();

/**
 * One object per process and name. Next evaluates a module once for pages, once for routes and once for
 * instrumentation; a pool or a cache that each of them made for itself would not see what the others did.
 */
export function processWide<T>(name: string, make: () => T): T {
  const known = seen.get(name);
  if (known !== undefined) return known as T;
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`openrouter-self-hosted.${name}`);
  holder[key] ??= make();
  seen.set(name, holder[key]);
  return holder[key];
}
