import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm";
import type { Operator } from "../operator";
import { auditLog } from "../schema";
import type { AuditRow } from "./audit";

export type AuditFilter = {
  /** The beginning of what was done: `key`, `price.add`. */
  action?: string;
  /** A user's id. */
  who?: string;
  /** What it was done to, by its id. */
  target?: string;
};

export type AuditCursor = { older: bigint } | { newer: bigint };

/** A page of the audit log, the newest first. */
export async function searchAudit(
  { database }: Operator,
  { filter: { action, who, target }, cursor, most }: { filter: AuditFilter; cursor?: AuditCursor; most: number },
): Promise<AuditRow[]> {
  const forward = cursor !== undefined && "newer" in cursor;
  const rows = await database
    .select()
    .from(auditLog)
    .where(
      and(
        action ? sql`starts_with(${auditLog.action}, ${action})` : undefined,
        who ? eq(auditLog.actorId, who) : undefined,
        target ? eq(auditLog.targetId, target) : undefined,
        cursor && ("newer" in cursor ? gt(auditLog.id, cursor.newer) : lt(auditLog.id, cursor.older)),
      ),
    )
    .orderBy(forward ? asc(auditLog.id) : desc(auditLog.id))
    .limit(most);
  return forward ? rows.reverse() : rows;
}
