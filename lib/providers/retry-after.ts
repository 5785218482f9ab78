const LEAST = 1;
const MOST = 60;

/**
 * Whole seconds to wait, from `Retry-After` (seconds or an HTTP date), `retry-after-ms` or Google's `retryDelay`:
 * the first that can be understood, between 1 and 60.
 */
export function retryAfterSeconds(header?: string, milliseconds?: string, delay?: string): number | undefined {
  const seconds =
    fromNumber(header) ?? fromDate(header) ?? fromMilliseconds(milliseconds) ?? fromNumber(delay?.replace(/s$/, ""));
  if (seconds === undefined) return undefined;
  return Math.min(MOST, Math.max(LEAST, Math.ceil(seconds)));
}

const fromNumber = (text?: string) => (text && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined);

function fromMilliseconds(text?: string): number | undefined {
  const milliseconds = fromNumber(text);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

/** Only the form of HTTP: `Date.parse` would take half of all garbage for a date. */
function fromDate(text?: string): number | undefined {
  if (!text || !/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text.trim())) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : (at - Date.now()) / 1000;
}
