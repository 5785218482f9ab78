import { integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** What only the operator can mend, once for each thing it is about, however often it was met. */
export const operatorAlerts = pgTable(
  "operator_alerts",
  {
    kind: text({ enum: ["provider_credential", "unknown_model"] }).notNull(),
    /** A provider's slug, or a provider's and a model's. */
    subject: text().notNull(),
    message: text().notNull(),
    /** The upstream's own words, without its key. */
    detail: text(),
    times: integer().notNull().default(1),
    raisedAt: timestamp("raised_at", { withTimezone: true }).notNull().defaultNow(),
    lastAt: timestamp("last_at", { withTimezone: true }).notNull().defaultNow(),
    /** Null while it is not known to be mended. */
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.kind, table.subject] })],
);
