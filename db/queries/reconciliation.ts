import { desc, eq, sql } from "drizzle-orm";
import type postgres from "postgres";
import type { Database } from "../client";
import { type Difference, reconciliationRuns } from "../schema";

export type { Difference };
export type ReconciliationRun = typeof reconciliationRuns.$inferSelect;

/** The minute's check; undefined when another replica is at it, or has been within the last 55 seconds. See `reconcile`. */
export async function reconcile(
  db: Database,
  every = "55 seconds",
): Promise<{ run: number; took_ms: number; differences: Difference[] } | undefined> {
  const [row] = await db.execute<{ answer: { run: number; took_ms: number; differences: Difference[] } | null }>(
    sql`select reconcile(${every}) as answer`,
  );
  return row?.answer ?? undefined;
}

/** When the books were last checked, in either way, and what was found: for a page. */
export async function findLastRun(
  db: Database,
  kind: ReconciliationRun["kind"] = "minute",
): Promise<ReconciliationRun | undefined> {
  const [row] = await db
    .select()
    .from(reconciliationRuns)
    .where(eq(reconciliationRuns.kind, kind))
    .orderBy(desc(reconciliationRuns.id))
    .limit(1);
  return row;
}

/**
 * The whole of the books: each is a query that finds nothing when they are right. `account` names the column with the
 * account, where there is one.
 */
const CHECKS: { name: string; says: string; query: string; account?: string; subject: string; needs?: string }[] = [
  {
    name: "account_drift",
    says: "balances are their ledgers, reserves are their open holds",
    query: "select * from account_drift",
    account: "account_id",
    subject: "account_id",
  },
  {
    name: "key_drift",
    says: "keys' reserves are their open holds",
    query: "select d.*, k.account_id from key_drift d join api_keys k on k.id = d.key_id",
    account: "account_id",
    subject: "key_id",
  },
  {
    name: "key_spent_drift",
    says: "what keys have spent of their limits is what the log says",
    query: "select d.*, k.account_id from key_spent_drift d join api_keys k on k.id = d.key_id",
    account: "account_id",
    subject: "key_id",
  },
  {
    name: "usage_drift",
    says: "ledger, holds and log say the same of every generation",
    query: "select * from usage_drift",
    subject: "generation_id",
  },
  {
    name: "day_drift",
    says: "ledger and log say the same of every day",
    query: "select * from usage_by_day where ledger_nano <> log_nano",
    subject: "day",
  },
  {
    name: "activity_drift",
    says: "the sums of the log are the log",
    query: "select * from activity_drift",
    account: "account_id",
    subject: "at",
  },
  {
    name: "checkpoint_drift",
    says: "checkpoints are the sums they stand for",
    query: "select * from checkpoint_drift",
    account: "account_id",
    subject: "account_id",
  },
  {
    name: "payment_drift",
    says: "what was topped up is what was paid",
    query: "select * from payment_drift",
    account: "account_id",
    subject: "source_id",
    needs: "payment_drift",
  },
  {
    name: "overdue_hold",
    says: "no hold is open a minute after its time",
    query: "select * from holds where status = 'open' and expires_at < clock_timestamp() - interval '60 seconds'",
    account: "account_id",
    subject: "id",
  },
  {
    name: "unexplained_debt",
    says: "who owes, owes for refunds and disputes",
    query: "select * from negative_accounts where not explained",
    account: "account_id",
    subject: "account_id",
  },
  {
    name: "freeze_drift",
    says: "an account is frozen if there is a cause",
    query: "select * from freeze_drift",
    account: "account_id",
    subject: "account_id",
  },
  {
    name: "audit_drift",
    says: "the audit log is one chain",
    query: "select * from audit_drift",
    subject: "id",
  },
  {
    name: "audit_cut",
    says: "the audit log has every end it ever had",
    query: "select * from audit_cut",
    subject: "audit_id",
  },
];

export type BooksCheck = { name: string; says: string; differences: Difference[]; ms: number };

/** Who owes, and for what; nano-USD. */
export type Debtor = { account_id: string; posted_nano: string; refunds_nano: string; disputes_nano: string };

/** Runs every check at one snapshot, on a connection without a time limit; at most a hundred differences of each. */
export async function checkAll(sql: postgres.Sql): Promise<{ checks: BooksCheck[]; debtors: Debtor[] }> {
  const startedAt = new Date();
  const found = await sql.begin("isolation level repeatable read read only", async (snapshot) => {
    const checks: BooksCheck[] = [];
    for (const { name, says, query, account, subject, needs } of CHECKS) {
      if (needs && !(await snapshot`select to_regclass(${needs}) as there`)[0]?.there) continue;
      const begun = performance.now();
      const rows = await snapshot.unsafe(`${query} limit 100`);
      const differences = rows.map((row) => ({
        check: name,
        account_id: account ? (row[account] as string) : null,
        subject: String(row[subject]),
        figures: row as Record<string, unknown>,
      }));
      checks.push({ name, says, differences, ms: Math.round(performance.now() - begun) });
    }
    return {
      checks,
      debtors: [...(await snapshot<Debtor[]>`select * from negative_accounts where explained limit 100`)],
    };
  });
  const differences = found.checks.flatMap((check) => check.differences);
  await sql`
    insert into reconciliation_runs (kind, started_at, took_ms, differences, details)
    values ('full', ${startedAt}, ${Date.now() - startedAt.getTime()}, ${differences.length},
      ${JSON.stringify(differences.slice(0, 100))}::text::jsonb)`;
  return found;
}
