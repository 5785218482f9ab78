import { createParser } from "nuqs/server";
import { formatUsd, type Nanos, parseUsd } from "@/lib/money";

const asIs = (text: string) => text;

/** A text of an address that a column can hold: what no slug, name or address of ours could be counts as not there. */
export const parseAsName = createParser<string>({
  parse: (text) => (text.length <= 512 && !text.includes("\0") ? text : null),
  serialize: asIs,
});

export const parseAsUuid = createParser<string>({
  parse: (text) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : null),
  serialize: asIs,
});

const isMoment = (text: string, iso: string) => {
  const date = new Date(iso);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text >= "2000" && text < "2200";
};

/** A UTC day, `2026-11-28`. */
export const parseAsDay = createParser<string>({
  parse: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && isMoment(text, `${text}T00:00Z`) ? text : null),
  serialize: asIs,
});

/** A minute in UTC, `2026-11-28T14:30`. */
export const parseAsMinute = createParser<string>({
  parse: (text) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) && isMoment(text, `${text}Z`) ? text : null),
  serialize: asIs,
});

/** US dollars, in nano-USD. */
export const parseAsUsd = createParser<Nanos>({
  parse(text) {
    try {
      return parseUsd(text);
    } catch {
      return null;
    }
  },
  serialize: formatUsd,
  eq: (a, b) => a === b,
});
