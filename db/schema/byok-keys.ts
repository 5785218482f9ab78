import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

/** Keys that callers brought for providers: a request of theirs goes there on their own account with the provider. */
export const byokKeys = pgTable(
  "byok_keys",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** No foreign key: an operator who takes a provider away and brings it back loses nobody's key. */
    providerSlug: text("provider_slug").notNull(),
    name: text(),
    /** Sealed and bound to this row; see lib/seal.ts. Written, and never shown again. */
    sealedKey: text("sealed_key").notNull(),
    /** `sk-...wxyz` */
    label: text().notNull(),
    /** Which is tried first; ties go to the older one. */
    sortOrder: integer("sort_order").notNull().default(0),
    /** Tried after the operator's capacity, not before it. */
    isFallback: boolean("is_fallback").notNull().default(false),
    /** The operator's capacity at this provider is never used: for the models that this key covers, or for any. */
    isRequired: boolean("is_required").notNull().default(false),
    isByokOnly: boolean("is_byok_only").notNull().default(false),
    disabled: boolean().notNull().default(false),
    /** Slugs of the models it is used for; null: all. */
    allowedModels: text("allowed_models").array(),
    /** The API keys whose requests it is used for, by their ids; null: all. */
    allowedKeyIds: uuid("allowed_key_ids").array(),
    /** To the minute. */
    lastUsedAt: timestamp("last_used_at", { withTimezone: true }),
    lastFailedAt: timestamp("last_failed_at", { withTimezone: true }),
    /** The class of that failure, e.g. `credential`. */
    lastFailure: text("last_failure"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [index("byok_keys_account").on(table.accountId, table.sortOrder)],
);
