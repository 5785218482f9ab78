import type { AuditLine } from "@/components/operator/audit-table";
import type { AuditRow } from "@/db/queries/audit";

export const toAuditLine = (row: AuditRow): AuditLine => ({
  id: row.id,
  at: row.createdAt,
  actor: row.actor,
  actorId: row.actorId,
  action: row.action,
  targetKind: row.targetKind,
  targetId: row.targetId,
  before: row.before,
  after: row.after,
  reason: row.reason,
  result: row.result,
  address: row.address,
});
