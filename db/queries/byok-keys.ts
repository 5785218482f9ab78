import { and, asc, count, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { apiKeys, byokKeys } from "../schema";

/** A caller's key for a provider as it may be shown: without the key. */
export type ByokKey = Omit<typeof byokKeys.$inferSelect, "sealedKey">;

const { sealedKey: _neverShown, ...shown } = getTableColumns(byokKeys);

export async function listByokKeys(
  db: Database,
  accountId: string,
  { provider, offset = 0, most = 1_000 }: { provider?: string; offset?: number; most?: number } = {},
): Promise<{ keys: ByokKey[]; total: number }> {
  const own = and(eq(byokKeys.accountId, accountId), provider ? eq(byokKeys.providerSlug, provider) : undefined);
  const [keys, [counted]] = await Promise.all([
    db
      .select(shown)
      .from(byokKeys)
      .where(own)
      .orderBy(asc(byokKeys.sortOrder), asc(byokKeys.createdAt), asc(byokKeys.id))
      .offset(offset)
      .limit(most),
    db.select({ total: count() }).from(byokKeys).where(own),
  ]);
  return { keys, total: counted?.total ?? 0 };
}

export async function findByokKey(db: Database, accountId: string, id: string): Promise<ByokKey | undefined> {
  const [key] = await db.select(shown).from(byokKeys).where(ownByok(accountId, id));
  return key;
}

/** Puts it after the account's others. Undefined when the account has `most` already. */
export async function insertByokKey(
  db: Database,
  key: Omit<typeof byokKeys.$inferInsert, "sortOrder">,
  most: number,
): Promise<ByokKey | undefined> {
  const [{ total = 0, last = -1 } = {}] = await db
    .select({ total: count(), last: sql<number | null>`max(${byokKeys.sortOrder})` })
    .from(byokKeys)
    .where(eq(byokKeys.accountId, key.accountId));
  if (total >= most) return undefined;
  const [row] = await db
    .insert(byokKeys)
    .values({ ...key, sortOrder: (last ?? -1) + 1 })
    .returning(shown);
  return row;
}

export type ByokKeyChange = Partial<
  Pick<
    typeof byokKeys.$inferInsert,
    | "name"
    | "sealedKey"
    | "label"
    | "isFallback"
    | "isRequired"
    | "isByokOnly"
    | "disabled"
    | "allowedModels"
    | "allowedKeyIds"
    | "lastFailedAt"
    | "lastFailure"
  >
>;

export async function updateByokKey(
  db: Database,
  accountId: string,
  id: string,
  change: ByokKeyChange,
): Promise<ByokKey | undefined> {
  if (Object.values(change).every((value) => value === undefined)) return findByokKey(db, accountId, id);
  const [row] = await db.update(byokKeys).set(change).where(ownByok(accountId, id)).returning(shown);
  return row;
}

export async function deleteByokKey(db: Database, accountId: string, id: string): Promise<boolean> {
  const rows = await db.delete(byokKeys).where(ownByok(accountId, id)).returning({ id: byokKeys.id });
  return rows.length > 0;
}

/** Gives the account's keys the order of `ids`; those that are not named keep theirs, after them. */
export async function updateByokOrder(db: Database, accountId: string, ids: string[]): Promise<void> {
  await db.execute(sql`
    update byok_keys k set sort_order = o.place from (
      select id, row_number() over (order by array_position(${sql.param(ids)}::uuid[], id), sort_order, created_at, id) - 1 as place
        from byok_keys where account_id = ${accountId}) o
     where k.id = o.id and k.sort_order <> o.place`);
}

/** When it was used, or failed and how; to the minute, and no request waits for it. */
export async function noteByokUse(id: string, failure: string | null): Promise<void> {
  await moneyStatement((statement) =>
    failure === null
      ? statement`update byok_keys set last_used_at = now()
                   where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`
      : statement`update byok_keys set last_failed_at = now(), last_failure = ${failure} where id = ${id}`,
  );
}

/** The ids of an account's API keys by their hashes, and the other way round: the wire names keys by hash. */
export async function findKeyIds(db: Database, accountId: string, hashes: string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: apiKeys.id, hash: apiKeys.hash })
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), inArray(apiKeys.hash, hashes)));
  return new Map(rows.map(({ id, hash }) => [hash, id]));
}

export async function findKeyHashes(db: Database, accountId: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: apiKeys.id, hash: apiKeys.hash })
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), inArray(apiKeys.id, ids)));
  return new Map(rows.map(({ id, hash }) => [id, hash]));
}

const ownByok = (accountId: string, id: string) => and(eq(byokKeys.accountId, accountId), eq(byokKeys.id, id));
