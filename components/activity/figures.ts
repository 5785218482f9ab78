/** Numbers as the pages of activity and the log write them. */

export const whole = (value: number): string => value.toLocaleString("en-US");

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** 12,345,678 → 12.3M */
export const short = (value: number): string => compact.format(value);

export const milliseconds = (ms: number | null): string =>
  ms === null ? "–" : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/** Of requests; what is rare is not rounded to nothing. */
export function rate(part: number, all: number): string {
  if (part === 0 || all === 0) return "0%";
  const percent = (part / all) * 100;
  return percent < 0.1 ? "<0.1%" : `${percent.toFixed(percent < 10 ? 1 : 0)}%`;
}

export const perSecond = (tokens: number, ms: number): string =>
  ms === 0 ? "–" : `${((tokens * 1_000) / ms).toLocaleString("en-US", { maximumFractionDigits: 1 })}`;
