import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

/** What Stripe has told us, each event once. `processed_at` is written in the statement that does what the event means. */
export const stripeEvents = pgTable(
  "stripe_events",
  {
    id: text().primaryKey(),
    type: text().notNull(),
    payloadHash: text("payload_hash").notNull(),
    receivedAt: timestamp("received_at", { withTimezone: true }).notNull().defaultNow(),
    processedAt: timestamp("processed_at", { withTimezone: true }),
    /** What became of it, such as `credited` or `refused: amount`. */
    outcome: text(),
    /** Of the last try that failed. */
    error: text(),
    attempts: integer().notNull().default(0),
  },
  (table) => [index("stripe_events_unprocessed").on(table.receivedAt).where(sql`processed_at is null`)],
);

export const stripeCustomers = pgTable("stripe_customers", {
  accountId: uuid("account_id")
    .primaryKey()
    .references(() => accounts.id),
  customerId: text("customer_id").notNull().unique(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

/** One row: when some replica last looked at Stripe for events that never reached us. */
export const stripeCatchUp = pgTable(
  "stripe_catch_up",
  {
    one: boolean().primaryKey().default(true),
    startedAt: timestamp("started_at", { withTimezone: true }).notNull().default(sql`'-infinity'`),
    /** Until when every event was done: what a server that was away for longer begins at when it is back. */
    doneUntil: timestamp("done_until", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [check("stripe_catch_up_is_one_row", sql`${table.one}`)],
);
