import { sql } from "drizzle-orm";
import { check, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

/** What the operator tells everybody who is signed in, above every page, from one moment until another. */
export const announcements = pgTable(
  "announcements",
  {
    id: uuid().primaryKey().defaultRandom(),
    text: text().notNull(),
    severity: text({ enum: ["info", "warning", "critical"] }).notNull(),
    shownFrom: moment("shown_from").notNull().defaultNow(),
    /** Null: until it is withdrawn. */
    shownUntil: moment("shown_until"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [check("announcements_in_order", sql`${table.shownUntil} > ${table.shownFrom}`)],
);
