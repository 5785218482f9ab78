import { parseAsStringLiteral } from "nuqs/server";
import { parseAsDay, parseAsName, parseAsUuid } from "./search-parsers";

export const ranges = ["24h", "7d", "30d", "90d", "custom"] as const;
export type Range = (typeof ranges)[number];

export const kinds = ["model", "key", "provider", "app"] as const;
export type Kind = (typeof kinds)[number];

/** What the page of activity shows, as its address has it. `from` and `until` are the UTC days of a range of one's own. */
export const activitySearch = {
  range: parseAsStringLiteral(ranges).withDefault("7d"),
  from: parseAsDay,
  until: parseAsDay,
  by: parseAsStringLiteral(kinds).withDefault("model"),
  model: parseAsName,
  key: parseAsUuid,
  provider: parseAsName,
  app: parseAsName,
};

export type ActivitySearch = {
  range: Range;
  from: string | null;
  until: string | null;
  by: Kind;
  model: string | null;
  key: string | null;
  provider: string | null;
  app: string | null;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of a range of one's own. */
export const MOST_DAYS = 366;

export type Span = { from: Date; until: Date; step: "1 hour" | "6 hours" | "1 day" };

/** The stretch of time that is asked for, in UTC, cut where its steps begin; it ends with the step that is running. */
export function toSpan(
  { range, from, until }: Pick<ActivitySearch, "range" | "from" | "until">,
  now = new Date(),
): Span {
  const back = (step: Span["step"], stepMs: number, count: number): Span => {
    const end = (Math.floor(now.getTime() / stepMs) + 1) * stepMs;
    return { from: new Date(end - count * stepMs), until: new Date(end), step };
  };
  if (range === "24h") return back("1 hour", HOUR_MS, 24);
  if (range === "30d") return back("1 day", DAY_MS, 30);
  if (range === "90d") return back("1 day", DAY_MS, 90);
  if (range === "7d" || (!from && !until)) return back("6 hours", 6 * HOUR_MS, 28);
  const today = now.toISOString().slice(0, 10);
  const last = Date.parse(until ?? today);
  const first = Math.min(Date.parse(from ?? until ?? today), last);
  const days = Math.min((last - first) / DAY_MS + 1, MOST_DAYS);
  const begin = new Date(last - (days - 1) * DAY_MS);
  const step = days <= 2 ? "1 hour" : days <= 14 ? "6 hours" : "1 day";
  return { from: begin, until: new Date(last + DAY_MS), step };
}

export const stepMs = (step: Span["step"]): number =>
  ({ "1 hour": HOUR_MS, "6 hours": 6 * HOUR_MS, "1 day": DAY_MS })[step];
