import { sql } from "drizzle-orm";
import { index, pgTable, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

/** Accounts whose owner has deleted them. What they paid and used stays; who they were does not. */
export const accountClosures = pgTable(
  "account_closures",
  {
    accountId: uuid("account_id")
      .primaryKey()
      .references(() => accounts.id),
    closedAt: timestamp("closed_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    /** When the log had nothing personal of theirs any more: some time after its last hold was settled. */
    scrubbedAt: timestamp("scrubbed_at", { withTimezone: true }),
  },
  (table) => [index("account_closures_due").on(table.closedAt).where(sql`scrubbed_at is null`)],
);
