import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const whole = (name: string) => bigint(name, { mode: "bigint" }).notNull().default(sql`0`);

/** The sum of an account's ledger rows up to `upto_id` of the newest run: a check adds only what came after. */
export const ledgerCheckpoints = pgTable("ledger_checkpoints", {
  accountId: uuid("account_id").primaryKey(),
  sumNano: bigint("sum_nano", { mode: "bigint" }).notNull(),
});

/** Each time the books were checked, and what was found. Runs of the minute are kept for thirty days, full ones for ever. */
export const reconciliationRuns = pgTable(
  "reconciliation_runs",
  {
    id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text({ enum: ["minute", "full"] }).notNull(),
    startedAt: timestamp("started_at", { withTimezone: true }).notNull(),
    tookMs: integer("took_ms").notNull(),
    /** The last ledger row that is in the checkpoints. */
    uptoId: whole("upto_id"),
    /** The last ledger row that was there, and the transaction before which every row up to it was begun. */
    seenId: whole("seen_id"),
    horizon: whole("horizon"),
    /** The end of the audit log as it was: a log that no longer contains it was cut off. */
    auditId: whole("audit_id"),
    auditHash: text("audit_hash").notNull().default(""),
    differences: integer().notNull(),
    /** The first hundred, each {check, account_id, subject, figures}. */
    details: jsonb().$type<Difference[]>().notNull().default([]),
  },
  (table) => [
    index("reconciliation_runs_kind").on(table.kind, table.id),
    check("reconciliation_runs_kind_known", sql`${table.kind} in ('minute', 'full')`),
  ],
);

/** Something that is not as it should be: which check says so, about whom, and the figures as the check names them. */
export type Difference = {
  check: string;
  account_id: string | null;
  subject: string;
  figures: Record<string, unknown>;
};
