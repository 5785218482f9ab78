/**
 * One object per process and name. Next evaluates a module once for pages, once for routes and once for
 * instrumentation; a pool or a cache that each of them made for itself would not see what the others did.
 */
export function processWide<T>(name: string, make: () => T): T {
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`openrouter-self-hosted.${name}`);
  holder[key] ??= make();
  return holder[key];
}
