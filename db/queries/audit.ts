import { desc, sql } from "drizzle-orm";
import { withoutSecrets } from "@/lib/log";
import { type Database, db } from "../client";
import { auditLog } from "../schema";

/** Who did it, and whence; the address and the id are those of the request. */
export type Actor = ({ actor: "user"; actorId: string } | { actor: "operator-cli" | "system"; actorId?: undefined }) & {
  address?: string | null;
  requestId?: string | null;
};

export type AuditEntry = Actor & {
  /** Noun and verb: `key.create`. */
  action: string;
  target: { kind: string; id: string };
  /** Fields that changed, as they were and as they are. Never a secret, nor a hash of one. */
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
  reason?: string | null;
  result?: "ok" | "refused" | "failed";
};

/** Writes who did what. Money that somebody decides on goes through functions that write both or neither. */
export async function recordAudit({ target, ...entry }: AuditEntry, database: Database = db()): Promise<void> {
  const { action, before, after, result } = entry;
  const json = toJson({
    ...actorFields(entry),
    action,
    target_kind: target.kind,
    target_id: target.id,
    before,
    after,
    reason: entry.reason,
    result,
  });
  await database.execute(sql`select audit(${json}::text::jsonb)`);
}

/** An actor as the SQL functions take it. */
export const actorJson = (actor: Actor & { reason?: string | null }) =>
  toJson({ ...actorFields(actor), reason: actor.reason });

const actorFields = ({ actor, actorId, address, requestId }: Actor) => ({
  actor,
  actor_id: actorId,
  address,
  request_id: requestId,
});

/** Postgres keeps neither NUL nor half a surrogate pair; what looks like a credential stays out, wherever it stands. */
const toJson = (value: unknown) =>
  withoutSecrets(
    JSON.stringify(value, (_key, field) => {
      if (typeof field === "bigint") return field.toString();
      return typeof field === "string" ? field.replaceAll("\u0000", "").toWellFormed() : field;
    }),
  );

export type AuditRow = typeof auditLog.$inferSelect;

/** The newest first. */
export const listAudit = (database: Database, most: number, offset = 0): Promise<AuditRow[]> =>
  database.select().from(auditLog).orderBy(desc(auditLog.id)).limit(most).offset(offset);
