const KEY = "chat-models";

/** The models that were last asked side by side in this browser: a new chat begins with them. */
export function lastModels(): string[] {
  try {
    const slugs: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(slugs) ? slugs.filter((slug) => typeof slug === "string") : [];
  } catch {
    return [];
  }
}

export function rememberModels(slugs: string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(slugs));
  } catch {
    // A browser that keeps nothing begins with the first model each time.
  }
}
