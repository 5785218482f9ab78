import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * Who pays. `posted` is the sum of the account's ledger and `held` that of its open holds: both are caches that
 * `account_drift` can prove at every snapshot. Hot rows, so half of each page stays free for in-page updates.
 */
export const accounts = pgTable(
  "accounts",
  {
    id: uuid().primaryKey().defaultRandom(),
    postedNano: bigint("posted_nano", { mode: "bigint" }).notNull().default(sql`0`),
    heldNano: bigint("held_nano", { mode: "bigint" }).notNull().default(sql`0`),
    /** How far below zero the balance may be drawn; 0 for prepaid. */
    floorNano: bigint("floor_nano", { mode: "bigint" }).notNull().default(sql`0`),
    frozen: boolean().notNull().default(false),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [check("accounts_held_not_negative", sql`${table.heldNano} >= 0`)],
);

export const users = pgTable(
  "users",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    /** As `normalizeEmail` makes it. */
    email: text().notNull().unique(),
    emailVerifiedAt: timestamp("email_verified_at", { withTimezone: true }),
    /** By somebody who had not shown that he reads the mail of this address: what he set ends when somebody shows it. */
    claimed: boolean().notNull().default(false),
    name: text(),
    passwordHash: text("password_hash"),
    role: text({ enum: ["user", "operator"] })
      .notNull()
      .default("user"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    disabledAt: timestamp("disabled_at", { withTimezone: true }),
  },
  (table) => [index("users_created").on(table.createdAt, table.id)],
);

/** API keys by their SHA-256, which is also their public id on the wire. The key itself is shown once and never stored. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    kind: text({ enum: ["inference", "management"] })
      .notNull()
      .default("inference"),
    hash: text().notNull().unique(),
    /** `sk-or-v1-abc...xyz` */
    label: text().notNull(),
    limitNano: bigint("limit_nano", { mode: "bigint" }),
    reset: text({ enum: ["none", "daily", "weekly", "monthly"] })
      .notNull()
      .default("none"),
    /** Since when `spent` counts; the window rolls when the first hold after its end is opened. */
    windowStart: timestamp("window_start", { withTimezone: true }).notNull().default(sql`'-infinity'`),
    /** Kept for keys with a limit only: the row of an unlimited key is never written by a request. */
    spentNano: bigint("spent_nano", { mode: "bigint" }).notNull().default(sql`0`),
    heldNano: bigint("held_nano", { mode: "bigint" }).notNull().default(sql`0`),
    /** Whether what the caller's own providers charge him counts in the limit too. */
    includeByokInLimit: boolean("include_byok_in_limit").notNull().default(false),
    /** Its guardrail sets it a budget, which `guardrail_keys` counts. */
    budgeted: boolean().notNull().default(false),
    /** Slugs of the models it may call; null: all. */
    allowedModels: text("allowed_models").array(),
    /** How much it may ask for, whatever it costs; null: as much as comes. `holds_open_within_rates` counts. */
    requestsPerMinute: integer("requests_per_minute"),
    tokensPerMinute: integer("tokens_per_minute"),
    parallelRequests: integer("parallel_requests"),
    disabled: boolean().notNull().default(false),
    expiresAt: timestamp("expires_at", { withTimezone: true }),
    deletedAt: timestamp("deleted_at", { withTimezone: true }),
    /**
     * The session whose browser asks with it: good for no longer than that, and not among the keys that its owner manages.
     * No foreign key: the log names the key when the session is long gone.
     */
    sessionId: uuid("session_id"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }),
  },
  (table) => [
    index("api_keys_account").on(table.accountId, table.createdAt),
    check("api_keys_limit_not_negative", sql`${table.limitNano} >= 0`),
    check("api_keys_held_not_negative", sql`${table.heldNano} >= 0`),
  ],
);

/** Earlier secrets of a key that was rotated, good until their time is over: the key, its limit and its counters are one. */
export const formerKeySecrets = pgTable("former_key_secrets", {
  hash: text().primaryKey(),
  keyId: uuid("key_id")
    .notNull()
    .references(() => apiKeys.id, { onDelete: "cascade" }),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});
