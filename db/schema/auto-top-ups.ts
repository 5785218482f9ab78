import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { accounts } from "./accounts";
import { payments } from "./payments";

/** Credits that are bought by themselves when the balance falls below a threshold. */
export const autoTopUps = pgTable(
  "auto_top_ups",
  {
    accountId: uuid("account_id")
      .primaryKey()
      .references(() => accounts.id),
    enabled: boolean().notNull(),
    thresholdNano: bigint("threshold_nano", { mode: "bigint" }).notNull(),
    /** US cents: what is bought each time, without the fee, and the most that is bought in a UTC day. */
    amountMinor: integer("amount_minor").notNull(),
    dailyCapMinor: integer("daily_cap_minor").notNull(),
    paymentMethodId: text("payment_method_id").notNull(),
    /** Nothing is bought until the user saves the settings again. */
    pausedReason: text("paused_reason", {
      enum: ["declined", "authentication_required", "refund", "dispute", "unclear"],
    }),
    pausedAt: timestamp("paused_at", { withTimezone: true }),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index("auto_top_ups_armed").on(table.accountId).where(sql`enabled and paused_reason is null`),
    check("auto_top_ups_amounts", sql`${table.amountMinor} > 0 and ${table.dailyCapMinor} >= ${table.amountMinor}`),
  ],
);

/**
 * One purchase. It is there before Stripe is asked, and Stripe is asked with its id as the key: a process that dies
 * between the two leaves a run that another takes up, and the card is charged once. An account has one open run at most.
 */
export const autoTopUpRuns = pgTable(
  "auto_top_up_runs",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id").notNull(),
    paymentId: uuid("payment_id")
      .notNull()
      .unique()
      .references(() => payments.id),
    paymentMethodId: text("payment_method_id").notNull(),
    status: text({ enum: ["open", "succeeded", "declined", "abandoned"] })
      .notNull()
      .default("open"),
    /** Some process works on it until then. */
    leasedUntil: timestamp("leased_until", { withTimezone: true }).notNull(),
    attempts: integer().notNull().default(0),
    error: text(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
  },
  (table) => [uniqueIndex("auto_top_up_runs_open").on(table.accountId).where(sql`status = 'open'`)],
);
