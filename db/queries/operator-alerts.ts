import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../client";
import { operatorAlerts } from "../schema";

export type Alert = typeof operatorAlerts.$inferSelect;
export type NewAlert = Pick<Alert, "kind" | "subject" | "message" | "detail">;

/** Adds the alert, or counts it up; one that was resolved begins anew. */
export async function raiseOperatorAlert(database: Database, alert: NewAlert): Promise<void> {
  const resolved = sql`${operatorAlerts.resolvedAt} is not null`;
  await database
    .insert(operatorAlerts)
    .values(alert)
    .onConflictDoUpdate({
      target: [operatorAlerts.kind, operatorAlerts.subject],
      set: {
        message: alert.message,
        detail: alert.detail,
        times: sql`case when ${resolved} then 1 else ${operatorAlerts.times} + 1 end`,
        raisedAt: sql`case when ${resolved} then now() else ${operatorAlerts.raisedAt} end`,
        lastAt: sql`now()`,
        resolvedAt: null,
      },
    });
}

/** Returns whether there was an open one. */
export async function resolveOperatorAlert(database: Database, kind: Alert["kind"], subject: string): Promise<boolean> {
  const rows = await database
    .update(operatorAlerts)
    .set({ resolvedAt: sql`now()` })
    .where(and(eq(operatorAlerts.kind, kind), eq(operatorAlerts.subject, subject), isNull(operatorAlerts.resolvedAt)))
    .returning({ kind: operatorAlerts.kind });
  return rows.length > 0;
}

/** The open ones first, the newest of each at the top. */
export const listOperatorAlerts = (database: Database): Promise<Alert[]> =>
  database
    .select()
    .from(operatorAlerts)
    .orderBy(asc(sql`${operatorAlerts.resolvedAt} is not null`), desc(operatorAlerts.lastAt));
