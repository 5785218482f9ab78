import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

const now = sql`clock_timestamp()`;

/**
 * An answer that is kept for a while because its caller asked for that: to be told again to who asks again with the same
 * Idempotency-Key or the same question, or to be gone on with where its connection was lost.
 */
export const keptAnswers = pgTable(
  "kept_answers",
  {
    id: uuid().primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    keyId: uuid("key_id").notNull(),
    /** By what it is found again: a hash of who asks, and of his Idempotency-Key or his question. */
    lookup: text().unique("kept_answers_lookup"),
    /** A hash of what was asked under an Idempotency-Key. */
    asked: text(),
    /** Of a stream that can be gone on with. */
    generationId: text("generation_id").unique("kept_answers_generation"),
    /** Null until it has begun. */
    status: integer(),
    headers: jsonb().$type<Record<string, string>>(),
    endedAt: timestamp("ended_at", { withTimezone: true }),
    /** It came to nothing and cost nothing: who asks again is served anew. */
    failed: boolean().notNull().default(false),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(now),
    /** When the process that writes it was last heard of. */
    beatAt: timestamp("beat_at", { withTimezone: true }).notNull().default(now),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
  },
  (table) => [index("kept_answers_expiry").on(table.expiresAt)],
);

/** What it says, piece by piece, each sealed for its answer and its place. */
export const keptPieces = pgTable(
  "kept_pieces",
  {
    answerId: uuid("answer_id")
      .notNull()
      .references(() => keptAnswers.id, { onDelete: "cascade" }),
    /** Counts from 1. */
    seq: integer().notNull(),
    /** The number of its last event, where events are numbered. */
    lastEvent: integer("last_event").notNull(),
    sealed: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.answerId, table.seq] })],
);
