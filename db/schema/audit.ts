import { sql } from "drizzle-orm";
import { bigint, check, index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/**
 * Who did what, append-only and chained: a trigger gives each row its number, its time and the hash of the row before
 * it, so that a row that was changed, taken out or put in shows in `audit_drift`. Nothing secret is in it.
 */
export const auditLog = pgTable(
  "audit_log",
  {
    /** Without gaps; given by the trigger, as are the time and the hashes. */
    id: bigint({ mode: "bigint" }).primaryKey().default(sql`0`),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    actor: text({ enum: ["user", "operator-cli", "system"] }).notNull(),
    /** The user, where it was one. */
    actorId: text("actor_id"),
    /** Noun and verb: `key.create`, `account.credit`. */
    action: text().notNull(),
    targetKind: text("target_kind").notNull(),
    targetId: text("target_id").notNull(),
    before: jsonb(),
    after: jsonb(),
    reason: text(),
    result: text({ enum: ["ok", "refused", "failed"] })
      .notNull()
      .default("ok"),
    /** Whence the request came, and its id. */
    address: text(),
    requestId: text("request_id"),
    /** SHA-256, hex. */
    previousHash: text("previous_hash").notNull().default(""),
    hash: text().notNull().default(""),
  },
  (table) => [
    index("audit_log_target").on(table.targetKind, table.targetId, table.id),
    index("audit_log_actor").on(table.actorId, table.id),
    check("audit_log_actor_known", sql`${table.actor} in ('user', 'operator-cli', 'system')`),
    check("audit_log_result_known", sql`${table.result} in ('ok', 'refused', 'failed')`),
  ],
);
