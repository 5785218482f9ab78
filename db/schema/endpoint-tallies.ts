import { bigint, index, integer, jsonb, pgTable, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * What each replica saw of an endpoint in the last seconds, for the others to read. Unlogged (the migration says so;
 * Drizzle has no word for it): minutes old it is of no use, and after a crash it may be empty.
 */
export const endpointTallies = pgTable(
  "endpoint_tallies",
  {
    id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    at: timestamp({ withTimezone: true }).notNull(),
    process: uuid().notNull(),
    endpointId: uuid("endpoint_id").notNull(),
    answered: integer().notNull(),
    failed: integer().notNull(),
    /** How many took how long to the first word, and how fast they were after it: by steps of size. */
    firstToken: jsonb("first_token").$type<Record<number, number>>().notNull(),
    throughput: jsonb().$type<Record<number, number>>().notNull(),
    /** Where its circuit changed: milliseconds from `at`. */
    circuit: jsonb().$type<{ openFor: number; trips: number; changedAgo: number; refused?: string }>(),
    throttledForMs: integer("throttled_for_ms"),
  },
  (table) => [index("endpoint_tallies_at").on(table.at)],
);
