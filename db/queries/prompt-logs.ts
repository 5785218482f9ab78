import { and, count, eq, sql } from "drizzle-orm";
import type { Database } from "../client";
import { accountSettings, promptLogs } from "../schema";

export type PromptLog = typeof promptLogs.$inferSelect;

/** Written only where the account wants it still: what a process remembers of that may be seconds old. */
export async function insertPromptLog(
  db: Database,
  { generationId, accountId, sealed, isCut }: Omit<PromptLog, "createdAt">,
): Promise<void> {
  await db.execute(sql`
    insert into prompt_logs (generation_id, account_id, sealed, is_cut)
    select ${generationId}, account_id, ${sealed}, ${isCut}
      from account_settings where account_id = ${accountId} and log_prompts
    on conflict do nothing`);
}

const young = (days: number) => sql`${promptLogs.createdAt} > now() - make_interval(days => ${days})`;

export async function findPromptLog(
  db: Database,
  accountId: string,
  generationId: string,
  days: number,
): Promise<PromptLog | undefined> {
  const own = and(eq(promptLogs.generationId, generationId), eq(promptLogs.accountId, accountId));
  const [row] = await db
    .select()
    .from(promptLogs)
    .where(and(own, young(days)));
  return row;
}

export async function countPromptLogs(db: Database, accountId: string, days: number): Promise<number> {
  const [row] = await db
    .select({ kept: count() })
    .from(promptLogs)
    .where(and(eq(promptLogs.accountId, accountId), young(days)));
  return row?.kept ?? 0;
}

/** The requests of which something is kept, the oldest first. */
export async function listPromptLogIds(db: Database, accountId: string, days: number): Promise<string[]> {
  const rows = await db
    .select({ id: promptLogs.generationId })
    .from(promptLogs)
    .where(and(eq(promptLogs.accountId, accountId), young(days)))
    .orderBy(promptLogs.createdAt);
  return rows.map(({ id }) => id);
}

/** All of the account's, or that of one request; how many there were. */
export async function deletePromptLogs(db: Database, accountId: string, generationId?: string): Promise<number> {
  const rows = await db
    .delete(promptLogs)
    .where(
      and(eq(promptLogs.accountId, accountId), generationId ? eq(promptLogs.generationId, generationId) : undefined),
    )
    .returning({ id: promptLogs.generationId });
  return rows.length;
}

/** Those whose time is over, so many at once; how many there were. */
export async function deleteOldPromptLogs(db: Database, days: number, most: number): Promise<number> {
  const rows = await db.execute(sql`
    delete from prompt_logs where generation_id in (
      select generation_id from prompt_logs where created_at <= now() - make_interval(days => ${days}) limit ${most})
    returning 1`);
  return rows.length;
}

export async function updateLogsPrompts(db: Database, accountId: string, logsPrompts: boolean): Promise<void> {
  const set = { logsPrompts, updatedAt: sql`clock_timestamp()` };
  await db
    .insert(accountSettings)
    .values({ accountId, logsPrompts })
    .onConflictDoUpdate({ target: accountSettings.accountId, set });
}
