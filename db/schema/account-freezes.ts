import { pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

/**
 * Why an account is frozen. Several reasons may hold at once, and lifting one leaves the others: `accounts.frozen` is
 * whether any row is here. Both change in `account_freeze` and `account_unfreeze` only.
 */
export const accountFreezes = pgTable(
  "account_freezes",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    reason: text({ enum: ["dispute", "reconciliation", "operator"] }).notNull(),
    /** What it is about: a dispute's id, an operator's name, the check that failed. */
    source: text().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.reason, table.source] })],
);
