import { boolean, index, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

/**
 * What was asked and answered, of accounts that want it kept: sealed, for some days. Of all others there is no row, and
 * nothing of a prompt is anywhere else.
 */
export const promptLogs = pgTable(
  "prompt_logs",
  {
    generationId: text("generation_id").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Bound to this row; see lib/seal.ts. */
    sealed: text().notNull(),
    /** Not all of it is there: it was too long. */
    isCut: boolean("is_cut").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("prompt_logs_account").on(table.accountId), index("prompt_logs_age").on(table.createdAt)],
);
