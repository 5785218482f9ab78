import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts, apiKeys } from "./accounts";

/** What a guardrail lets its keys' requests reach, under the API's names; what is left out rules nothing out. */
export type GuardrailRules = {
  allowed_models?: string[];
  ignored_models?: string[];
  allowed_providers?: string[];
  ignored_providers?: string[];
  enforce_zdr?: boolean;
  enforce_zdr_anthropic?: boolean;
  enforce_zdr_openai?: boolean;
  enforce_zdr_google?: boolean;
  enforce_zdr_xai?: boolean;
  enforce_zdr_other?: boolean;
  enable_paid_model_training?: boolean;
  enable_free_model_training?: boolean;
  enable_free_model_publication?: boolean;
};

/** Rules and a budget that an account's owner sets for some of his keys. */
export const guardrails = pgTable(
  "guardrails",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    description: text(),
    /** The budget of each of its keys by itself; null: none. */
    limitNano: bigint("limit_nano", { mode: "bigint" }),
    reset: text({ enum: ["none", "daily", "weekly", "monthly"] })
      .notNull()
      .default("none"),
    /** Whether what the caller's own providers charge him counts in the budget too. */
    countsByok: boolean("counts_byok").notNull().default(false),
    rules: jsonb().$type<GuardrailRules>().notNull().default({}),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }),
  },
  (table) => [
    index("guardrails_account").on(table.accountId, table.createdAt),
    check("guardrails_limit_not_negative", sql`${table.limitNano} >= 0`),
  ],
);

/**
 * A key's guardrail, and what is set aside and spent of its budget: a second limit beside the key's own, of which the
 * amounts are copies of the guardrail's, so that they change together with the counters.
 */
export const guardrailKeys = pgTable(
  "guardrail_keys",
  {
    keyId: uuid("key_id")
      .primaryKey()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    id: uuid().notNull().defaultRandom(),
    guardrailId: uuid("guardrail_id")
      .notNull()
      .references(() => guardrails.id),
    limitNano: bigint("limit_nano", { mode: "bigint" }),
    reset: text({ enum: ["none", "daily", "weekly", "monthly"] })
      .notNull()
      .default("none"),
    countsByok: boolean("counts_byok").notNull().default(false),
    windowStart: timestamp("window_start", { withTimezone: true }).notNull().default(sql`'-infinity'`),
    spentNano: bigint("spent_nano", { mode: "bigint" }).notNull().default(sql`0`),
    heldNano: bigint("held_nano", { mode: "bigint" }).notNull().default(sql`0`),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index("guardrail_keys_guardrail").on(table.guardrailId, table.createdAt),
    check("guardrail_keys_held_not_negative", sql`${table.heldNano} >= 0`),
  ],
);
