import { and, desc, eq, gte, inArray, lte, sql } from "drizzle-orm";
import type { Database } from "../client";
import { apiKeys, generations } from "../schema";

const fields = {
  id: generations.id,
  createdAt: generations.createdAt,
  modelSlug: generations.modelSlug,
  keyName: apiKeys.name,
  outcome: generations.outcome,
  costNano: generations.costNano,
  inputTokens: sql<number>`${generations.inputTokens} + ${generations.cacheReadTokens} + ${generations.cacheWriteTokens} + ${generations.cacheWriteHourTokens} + ${generations.audioTokens}`,
  outputTokens: sql<number>`${generations.outputTokens} + ${generations.reasoningTokens}`,
};

/** A line of the log: what was asked, by which key, and what it cost in nano-USD. */
export type LoggedGeneration = {
  id: string;
  createdAt: Date;
  modelSlug: string;
  /** Null: the key is not there any more. */
  keyName: string | null;
  outcome: (typeof generations.$inferSelect)["outcome"];
  costNano: bigint;
  inputTokens: number;
  outputTokens: number;
};

const HOUR_MS = 3_600_000;

/** Those of an account's generations with these ids, by id. `around`: when they were booked, an hour at most after they began. */
export async function mapGenerations(
  db: Database,
  accountId: string,
  ids: string[],
  around: { from: Date; until: Date },
): Promise<ReadonlyMap<string, LoggedGeneration>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select(fields)
    .from(generations)
    .leftJoin(apiKeys, eq(apiKeys.id, generations.keyId))
    .where(
      and(
        eq(generations.accountId, accountId),
        inArray(generations.id, ids),
        gte(generations.createdAt, new Date(around.from.getTime() - 24 * HOUR_MS)),
        lte(generations.createdAt, new Date(around.until.getTime() + HOUR_MS)),
      ),
    );
  return new Map(rows.map((row) => [row.id, row]));
}

/** An account's last generations, newest first. */
export const listRecentGenerations = (db: Database, accountId: string, most: number): Promise<LoggedGeneration[]> =>
  db
    .select(fields)
    .from(generations)
    .leftJoin(apiKeys, eq(apiKeys.id, generations.keyId))
    .where(eq(generations.accountId, accountId))
    .orderBy(desc(generations.createdAt))
    .limit(most);

/** Nano-USD that an account has spent since the UTC day began, and on how many requests. */
export async function sumToday(db: Database, accountId: string): Promise<{ spentNano: bigint; requests: number }> {
  const [row] = await db
    .select({
      spent: sql<string>`coalesce(sum(${generations.costNano}), 0)::text`,
      requests: sql<number>`count(*)::int`,
    })
    .from(generations)
    .where(and(eq(generations.accountId, accountId), sql`${generations.createdAt} >= window_start('daily', now())`));
  return { spentNano: BigInt(row?.spent ?? 0), requests: row?.requests ?? 0 };
}
