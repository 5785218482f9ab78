import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts, users } from "./accounts";

/**
 * Credits that are being bought. The row is there before Stripe is asked, and says what will be credited: what comes
 * back from Stripe must fit it. Amounts are US cents; `credited` is what the ledger got, and once `paid` it stays so.
 */
export const payments = pgTable(
  "payments",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    provider: text({ enum: ["stripe"] })
      .notNull()
      .default("stripe"),
    kind: text({ enum: ["checkout", "auto"] })
      .notNull()
      .default("checkout"),
    /** The credits, without the fee. */
    expectedAmountMinor: integer("expected_amount_minor").notNull(),
    /** Added to the credits. */
    feeMinor: integer("fee_minor").notNull().default(0),
    /** Added by Stripe to both; known once paid. */
    taxMinor: integer("tax_minor").notNull().default(0),
    currency: text().notNull().default("usd"),
    customerId: text("customer_id"),
    checkoutSessionId: text("checkout_session_id").unique(),
    paymentIntentId: text("payment_intent_id").unique(),
    status: text({ enum: ["pending", "paid", "failed", "expired"] })
      .notNull()
      .default("pending"),
    creditedNano: bigint("credited_nano", { mode: "bigint" }).notNull().default(sql`0`),
    /** Why a payment that Stripe reports was not credited: the field that does not fit. Null when all was well. */
    refusal: text(),
    invoiceUrl: text("invoice_url"),
    receiptUrl: text("receipt_url"),
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
  },
  (table) => [
    index("payments_account").on(table.accountId, table.createdAt),
    check(
      "payments_amounts",
      sql`${table.expectedAmountMinor} > 0 and ${table.feeMinor} >= 0 and ${table.taxMinor} >= 0`,
    ),
    check("payments_paid_is_credited", sql`(${table.status} = 'paid') = (${table.creditedNano} > 0)`),
  ],
);

/**
 * Money that goes back, by Stripe's id. One that comes before its payment waits here, and is booked with it.
 * `booked` is what the ledger took, in nano-USD, and `reversed` what it gave back for a refund that failed.
 */
export const refunds = pgTable(
  "refunds",
  {
    id: text().primaryKey(),
    paymentIntentId: text("payment_intent_id").notNull(),
    paymentId: uuid("payment_id").references(() => payments.id),
    amountMinor: bigint("amount_minor", { mode: "bigint" }).notNull(),
    currency: text().notNull(),
    status: text().notNull(),
    /** Stripe says that the money did not go back after all; that is final. */
    failed: text({ enum: ["failed", "canceled"] }),
    bookedNano: bigint("booked_nano", { mode: "bigint" }).notNull().default(sql`0`),
    reversedNano: bigint("reversed_nano", { mode: "bigint" }).notNull().default(sql`0`),
    refusal: text(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("refunds_intent").on(table.paymentIntentId), index("refunds_payment").on(table.paymentId)],
);

/** Payments that a cardholder contests, by Stripe's id. `booked` and `reinstated` as for refunds. */
export const disputes = pgTable(
  "disputes",
  {
    id: text().primaryKey(),
    paymentIntentId: text("payment_intent_id").notNull(),
    paymentId: uuid("payment_id").references(() => payments.id),
    amountMinor: bigint("amount_minor", { mode: "bigint" }).notNull(),
    currency: text().notNull(),
    reason: text(),
    status: text().notNull(),
    /** When Stripe made the event that told this status: a later one is not overwritten by an earlier. */
    statusAt: timestamp("status_at", { withTimezone: true }).notNull(),
    /** Where the money is: taken from us, or given back. Null while nothing was moved, as with an inquiry. */
    funds: text({ enum: ["withdrawn", "reinstated"] }),
    reinstatedMinor: bigint("reinstated_minor", { mode: "bigint" }),
    bookedNano: bigint("booked_nano", { mode: "bigint" }).notNull().default(sql`0`),
    reinstatedNano: bigint("reinstated_nano", { mode: "bigint" }).notNull().default(sql`0`),
    refusal: text(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("disputes_intent").on(table.paymentIntentId), index("disputes_payment").on(table.paymentId)],
);
