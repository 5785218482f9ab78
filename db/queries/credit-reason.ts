import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../client";
import { auditLog } from "../schema";
import type { LedgerRow } from "./ledger";

/** The words that were written down with a credit that somebody decided on; null where there are none. */
export async function findCreditReason(
  db: Database,
  accountId: string,
  { source, sourceId, kind }: Pick<LedgerRow, "source" | "sourceId" | "kind">,
): Promise<string | null> {
  const [row] = await db
    .select({ reason: auditLog.reason })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.targetKind, "account"),
        eq(auditLog.targetId, accountId),
        eq(auditLog.action, "account.credit"),
        sql`${auditLog.after} @> ${JSON.stringify({ source, source_id: sourceId, kind })}::jsonb`,
      ),
    )
    .limit(1);
  return row?.reason ?? null;
}
