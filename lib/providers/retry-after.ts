/** What an upstream said about when to come back: its headers' own text, and what stood in the body. */
export type RetryHints = {
  retryAfter?: string;
  retryAfterMs?: string;
  /** Google's `retryDelay`, such as `34s`. */
  retryDelay?: string;
  /** Headers that tell of limits, by their names in lower case: of each limit what is left of it, and when it is whole again. */
  rateLimits?: Record<string, string>;
};

const LEAST = 1;
const MOST = 60;

/**
 * Whole seconds to wait, from `Retry-After` (seconds or an HTTP date), `retry-after-ms`, Google's `retryDelay` or the
 * resets of rate limits: the first that can be understood, between 1 and 60.
 */
export function retryAfterSeconds({
  retryAfter,
  retryAfterMs,
  retryDelay,
  rateLimits,
}: RetryHints): number | undefined {
  const seconds =
    fromNumber(retryAfter) ??
    fromHttpDate(retryAfter) ??
    fromMilliseconds(retryAfterMs) ??
    fromDuration(retryDelay) ??
    fromResets(rateLimits);
  if (seconds === undefined) return undefined;
  return Math.min(MOST, Math.max(LEAST, Math.ceil(seconds)));
}

const LIMIT_HEADER = /^(?:x-)?ratelimit-|^anthropic-ratelimit-/;

/** The headers that tell of limits; undefined where there is none. */
export function rateLimitsIn(headers: Iterable<[string, string]>): Record<string, string> | undefined {
  const all = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  const limits = all.filter(([name]) => LIMIT_HEADER.test(name));
  return limits.length > 0 ? Object.fromEntries(limits) : undefined;
}

/**
 * Of the limits that have nothing left, the one that takes longest to be whole; where none admits to that, the request
 * was too large for one of them, and the soonest is the one to hope for.
 */
function fromResets(limits: Record<string, string> = {}): number | undefined {
  const resets = Object.entries(limits).flatMap(([name, text]) => {
    if (!name.includes("-reset")) return [];
    const seconds = fromReset(text);
    if (seconds === undefined) return [];
    return [{ seconds, empty: fromNumber(limits[name.replace("-reset", "-remaining")]) === 0 }];
  });
  const empty = resets.filter((limit) => limit.empty);
  if (empty.length > 0) return Math.max(...empty.map(({ seconds }) => seconds));
  return resets.length > 0 ? Math.min(...resets.map(({ seconds }) => seconds)) : undefined;
}

/** Seconds from now, a time of the epoch in seconds or milliseconds, a duration like `6m0s`, or a date. */
function fromReset(text: string): number | undefined {
  const number = fromNumber(text);
  if (number === undefined) return fromDuration(text) ?? fromIsoDate(text) ?? fromHttpDate(text);
  if (number > 1e12) return (number - Date.now()) / 1000;
  return number > 1e9 ? number - Date.now() / 1000 : number;
}

const fromNumber = (text?: string) => (text && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined);

function fromMilliseconds(text?: string): number | undefined {
  const milliseconds = fromNumber(text);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** As Go writes it, and protobuf: `1h2m3.5s`, `20ms`, `34s`. */
function fromDuration(text?: string): number | undefined {
  if (!text || !/^\s*(?:\d+(?:\.\d+)?(?:ms|[hms]))+\s*$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[hms])/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
}

const untilDate = (text: string) => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : (at - Date.now()) / 1000;
};

/** Only the form of HTTP: `Date.parse` would take half of all garbage for a date. */
const fromHttpDate = (text?: string) =>
  text && /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text.trim()) ? untilDate(text) : undefined;

const fromIsoDate = (text: string) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text.trim())
    ? untilDate(text)
    : undefined;
