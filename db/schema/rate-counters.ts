import { bigint, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * What a key or an account has asked for in its window and in the one before, for rates that are limited. Unlogged (the
 * migration says so; Drizzle has no word for it): after a crash everybody may ask anew.
 */
export const rateCounters = pgTable(
  "rate_counters",
  {
    /** A key's id, or an account's. */
    subject: uuid().notNull(),
    /** `requests` and `tokens` of a key; `free` and, of a day, `free 2026-01-31` of an account. */
    what: text().notNull(),
    since: timestamp({ withTimezone: true }).notNull(),
    counted: bigint({ mode: "bigint" }).notNull(),
    before: bigint({ mode: "bigint" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.subject, table.what] })],
);
