import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Database } from "../client";
import { apiKeys } from "../schema";
import type { ApiKey } from "./api-keys";

/** The keys of one kind that an account has, oldest first; without those deleted, and those of a browser. */
export const listKeysOfKind = (
  db: Database,
  accountId: string,
  kind: ApiKey["kind"],
  { offset, most }: { offset: number; most: number },
): Promise<ApiKey[]> =>
  db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.accountId, accountId),
        eq(apiKeys.kind, kind),
        isNull(apiKeys.deletedAt),
        isNull(apiKeys.sessionId),
      ),
    )
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
    .offset(offset)
    .limit(most);

/** When each key was last used, by its id; one that never was is not in it. */
export async function listLastUses(db: Database, keyIds: string[]): Promise<ReadonlyMap<string, Date>> {
  if (keyIds.length === 0) return new Map();
  const rows = await db.execute<{ id: string; at: string }>(sql`
    select k.id, g.at from unnest(array[${sql.join(
      keyIds.map((id) => sql`${id}::uuid`),
      sql`, `,
    )}]) as k(id)
     cross join lateral
       (select created_at::text as at from generations where key_id = k.id order by created_at desc limit 1) g`);
  return new Map(rows.map(({ id, at }) => [id, new Date(at)]));
}

/** The names of those of an account's keys that have these ids, deleted ones too. */
export async function mapKeyNames(db: Database, accountId: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: apiKeys.id, name: apiKeys.name })
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), inArray(apiKeys.id, ids)));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
