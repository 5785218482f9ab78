import { sql } from "drizzle-orm";
import { bigint, date, index, integer, pgTable, primaryKey, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";

const whole = (name: string) => bigint(name, { mode: "bigint" }).notNull().default(sql`0`);
const count = (name: string) => integer(name).notNull().default(0);

/** Milliseconds to the first token at which one bucket ends and the next begins; the migration's view has the same. */
export const FIRST_TOKEN_BOUNDS = [100, 200, 300, 500, 750, 1_000, 1_500, 2_500, 5_000, 10_000, 30_000];

/**
 * The log in sums: a row an hour and a row a day for each combination that had requests, up to `activity_state.rolled_until`.
 * What came later is read from the log itself: `activity_between` has both.
 */
export const activity = pgTable(
  "activity",
  {
    accountId: uuid("account_id").notNull(),
    grain: text({ enum: ["hour", "day"] }).notNull(),
    /** When the hour or the UTC day began. */
    at: timestamp({ withTimezone: true }).notNull(),
    keyId: uuid("key_id").notNull(),
    modelSlug: text("model_slug").notNull(),
    /** Null: nobody answered. */
    providerSlug: text("provider_slug"),
    endpointId: uuid("endpoint_id"),
    /** The app's address or, without one, its title; null: it did not say. */
    app: text(),
    appTitle: text("app_title"),
    requests: count("requests"),
    /** Of these, those that failed or were cut off, those that the caller broke off, and those streamed. */
    errors: count("errors"),
    cancelled: count("cancelled"),
    streamed: count("streamed"),
    promptTokens: whole("prompt_tokens"),
    /** Of the prompt's, those read from a cache. */
    cachedTokens: whole("cached_tokens"),
    completionTokens: whole("completion_tokens"),
    /** Of the completion's, those of reasoning. */
    reasoningTokens: whole("reasoning_tokens"),
    costNano: whole("cost_nano"),
    byokUsageNano: whole("byok_usage_nano"),
    /** No request in it cost more. */
    mostNano: whole("most_nano"),
    totalMs: whole("total_ms"),
    /** Tokens that came after a first one, and how long they took: what a speed is made of. */
    speedTokens: whole("speed_tokens"),
    speedMs: whole("speed_ms"),
    /** Requests by the time to their first token, see `FIRST_TOKEN_BOUNDS`. */
    first0: count("first_0"),
    first1: count("first_1"),
    first2: count("first_2"),
    first3: count("first_3"),
    first4: count("first_4"),
    first5: count("first_5"),
    first6: count("first_6"),
    first7: count("first_7"),
    first8: count("first_8"),
    first9: count("first_9"),
    first10: count("first_10"),
    first11: count("first_11"),
  },
  (table) => [
    unique("activity_identity")
      .on(
        table.accountId,
        table.grain,
        table.at,
        table.keyId,
        table.modelSlug,
        table.providerSlug,
        table.endpointId,
        table.app,
      )
      .nullsNotDistinct(),
  ],
);

/** What all accounts together asked of a model on a UTC day: nothing in it says who did. */
export const modelDays = pgTable(
  "model_days",
  {
    day: date({ mode: "string" }).notNull(),
    modelSlug: text("model_slug").notNull(),
    requests: whole("requests"),
    errors: whole("errors"),
    promptTokens: whole("prompt_tokens"),
    completionTokens: whole("completion_tokens"),
  },
  (table) => [primaryKey({ columns: [table.day, table.modelSlug] })],
);

/** One row: how far the log has been summed, and what the last roller saw, see `activity_roll`. */
export const activityState = pgTable("activity_state", {
  id: integer().primaryKey().default(1),
  /** Every row of the log that began before it is in the sums, and no other. */
  rolledUntil: timestamp("rolled_until", { withTimezone: true }).notNull(),
  seenAt: timestamp("seen_at", { withTimezone: true }),
  seenTransaction: whole("seen_transaction"),
});

/** Hours of accounts whose rows were changed after they were summed. Only ever added to, and taken away by the roller. */
export const activityStale = pgTable(
  "activity_stale",
  {
    id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: uuid("account_id").notNull(),
    hour: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [index("activity_stale_account").on(table.accountId)],
);
