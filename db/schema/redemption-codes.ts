import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Codes that turn into credits. The code itself is shown once, to the operator who made it. */
export const redemptionCodes = pgTable(
  "redemption_codes",
  {
    id: uuid().primaryKey().defaultRandom(),
    /** SHA-256 of the code, hex. */
    hash: text().notNull().unique(),
    /** Its first group, to tell codes apart. */
    label: text().notNull(),
    amountNano: bigint("amount_nano", { mode: "bigint" }).notNull(),
    /** How many accounts may redeem it, each once. */
    uses: integer().notNull(),
    used: integer().notNull().default(0),
    note: text(),
    expiresAt: timestamp("expires_at", { withTimezone: true }),
    disabledAt: timestamp("disabled_at", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    check("redemption_codes_amount_positive", sql`${table.amountNano} > 0`),
    check("redemption_codes_used_within_uses", sql`${table.used} between 0 and ${table.uses}`),
  ],
);

/** Which account redeemed which code; the credit is the ledger's row with source `redemption_code`. */
export const redemptions = pgTable(
  "redemptions",
  {
    codeId: uuid("code_id")
      .notNull()
      .references(() => redemptionCodes.id),
    accountId: uuid("account_id").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    primaryKey({ columns: [table.codeId, table.accountId] }),
    index("redemptions_account").on(table.accountId, table.createdAt),
  ],
);

/** Wrong codes an account has tried since the hour of `since` began: guessing is stopped, and the count outlives a process. */
export const redemptionAttempts = pgTable("redemption_attempts", {
  accountId: uuid("account_id").primaryKey(),
  since: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  failures: integer().notNull().default(0),
});
