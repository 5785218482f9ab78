import { sql } from "drizzle-orm";
import { bigint, boolean, integer, jsonb, pgTable, primaryKey, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts, apiKeys } from "./accounts";

/** What an account wants of all its requests. A provider is named by its slug and stands for all of its endpoints. */
export type RoutingSettings = {
  /** For requests that name no model. */
  defaultModel?: string;
  /** For requests that do not say it themselves. */
  sort?: "price" | "throughput" | "latency";
  allowFallbacks?: boolean;
  /** No request can loosen these. Without `allowed`, all but the ignored. */
  allowed?: string[];
  ignored?: string[];
  denyTraining?: boolean;
  zdr?: boolean;
};

/** An account without a row has what a new row has. Read with the caller of a request, and remembered with him. */
export const accountSettings = pgTable("account_settings", {
  accountId: uuid("account_id")
    .primaryKey()
    .references(() => accounts.id, { onDelete: "cascade" }),
  routing: jsonb().$type<RoutingSettings>().notNull().default({}),
  /** Whether prompts and answers are kept for a while; see `prompt_logs`. */
  logsPrompts: boolean("log_prompts").notNull().default(false),
  /** Below this balance its owner is told by mail, once, until it has been reached again; null: never. */
  lowBalanceNano: bigint("low_balance_nano", { mode: "bigint" }),
  lowBalanceToldAt: timestamp("low_balance_told_at", { withTimezone: true }),
  /** Whether he is told that a key has used up most of its limit, or all. */
  tellsKeyLimits: boolean("tell_key_limits").notNull().default(false),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});

/** That an owner was told of a key's limit: once for each share, in each of its windows, of each limit it had. */
export const keyLimitNotices = pgTable(
  "key_limit_notices",
  {
    keyId: uuid("key_id")
      .notNull()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    windowStart: timestamp("window_start", { withTimezone: true }).notNull(),
    limitNano: bigint("limit_nano", { mode: "bigint" }).notNull(),
    /** Per cent of the limit. */
    share: integer().notNull(),
    toldAt: timestamp("told_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.windowStart, table.limitNano, table.share] })],
);
