import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, jsonb, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";

/**
 * Credits set aside for one request: the most it may cost. The row is the durable record of a running request; it
 * carries what was generated so far, and expires by itself if its process dies. No foreign keys: two hot inserts less.
 */
export const holds = pgTable(
  "holds",
  {
    /** The generation's id. */
    id: text().primaryKey(),
    accountId: uuid("account_id").notNull(),
    keyId: uuid("key_id").notNull(),
    amountNano: bigint("amount_nano", { mode: "bigint" }).notNull(),
    /** The most it may count with what the caller's own provider charges him; null: the amount, since it asks none. */
    withByokNano: bigint("with_byok_nano", { mode: "bigint" }),
    /** The key's row carries this reservation too: limits come and go while holds are open. */
    onKey: boolean("on_key").notNull().default(false),
    /** The same of the budget that the key's guardrail sets it. */
    onBudget: boolean("on_budget").notNull().default(false),
    /** The cost so far, for the case that nobody settles. */
    checkpointNano: bigint("checkpoint_nano", { mode: "bigint" }).notNull().default(sql`0`),
    /** The generation's row as far as it is known, for the same case. */
    progress: jsonb(),
    status: text({ enum: ["open", "settled", "released", "expired"] })
      .notNull()
      .default("open"),
    settledNano: bigint("settled_nano", { mode: "bigint" }),
    /** What the caller's own provider charged him for it, as far as it was reserved. */
    byokNano: bigint("byok_nano", { mode: "bigint" }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
  },
  (table) => [
    index("holds_due").on(table.expiresAt).where(sql`status = 'open'`),
    check("holds_amount_not_negative", sql`${table.amountNano} >= 0`),
    check("holds_with_byok_not_below_amount", sql`${table.withByokNano} >= ${table.amountNano}`),
    check("holds_checkpoint_within_amount", sql`${table.checkpointNano} between 0 and ${table.amountNano}`),
  ],
);

/** Every movement of money, append-only: triggers refuse updates and deletes. One source can be booked once per kind. */
export const ledger = pgTable(
  "ledger",
  {
    id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: uuid("account_id").notNull(),
    amountNano: bigint("amount_nano", { mode: "bigint" }).notNull(),
    kind: text({
      enum: [
        "usage",
        "usage_late",
        "topup",
        "refund",
        "refund_reversed",
        "dispute_hold",
        "dispute_won",
        "adjustment",
        "promo",
      ],
    }).notNull(),
    source: text().notNull(),
    sourceId: text("source_id").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    unique("ledger_source").on(table.source, table.sourceId, table.kind),
    index("ledger_account").on(table.accountId, table.id),
    // What an account was given, among all that it used.
    index("ledger_given").on(table.accountId).where(sql`kind not in ('usage', 'usage_late')`),
    check("ledger_amount_not_zero", sql`${table.amountNano} <> 0`),
  ],
);
