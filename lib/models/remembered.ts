import { processWide } from "@/lib/process-wide";

type Entry<T> = { until: number; value: Promise<T> };

/**
 * What a costly read found for a key, at most so many milliseconds old: anyone may ask, and the database is asked once
 * in that time however many do. For keys of the catalogue only, which bound what is kept.
 */
export function remembered<T>(name: string, freshMs: number, read: (key: string) => Promise<T>) {
  return (key: string): Promise<T> => {
    const entries = processWide(name, () => new Map<string, Entry<T>>());
    const known = entries.get(key);
    if (known && performance.now() < known.until) return known.value;
    const value = read(key);
    entries.set(key, { until: performance.now() + freshMs, value });
    value.catch(() => entries.delete(key));
    return value;
  };
}
