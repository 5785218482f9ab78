import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { apiKeys } from "../schema";

export type LiveApiKey = { keyId: string; accountId: string; kind: "inference" | "management"; hash: string };

/**
 * The key with this hash, if it may be used now; undefined when it is unknown, disabled, expired or deleted, when its owner
 * is, or when the session has ended that it was made for.
 */
export async function findLiveApiKey(hash: string): Promise<LiveApiKey | undefined> {
  const [key] = await moneyStatement<LiveApiKey[]>(
    (statement) => statement`
      select k.id as "keyId", k.account_id as "accountId", k.kind, k.hash
        from api_keys k
       where k.hash = ${hash} and not k.disabled and k.deleted_at is null
         and (k.expires_at is null or k.expires_at > now())
         and (k.session_id is null
              or exists (select 1 from sessions s where s.id = k.session_id and s.expires_at > now()))
         and not exists (select 1 from users u where u.account_id = k.account_id and u.disabled_at is not null)`,
  );
  return key;
}

export type ApiKey = typeof apiKeys.$inferSelect;

/** The keys that their owner made and manages. Scoped by account, so that nobody can name another account's key by guessing its hash. */
export async function findApiKey(db: Database, accountId: string, hash: string): Promise<ApiKey | undefined> {
  const [key] = await db.select().from(apiKeys).where(ownKey(accountId, hash));
  return key;
}

export function listApiKeys(db: Database, accountId: string, offset: number, most: number): Promise<ApiKey[]> {
  return db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.deletedAt), isNull(apiKeys.sessionId)))
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
    .offset(offset)
    .limit(most);
}

export async function insertApiKey(db: Database, key: typeof apiKeys.$inferInsert): Promise<ApiKey> {
  const [row] = await db.insert(apiKeys).values(key).returning();
  if (!row) throw new Error("the new key was not returned");
  return row;
}

export type ApiKeyChange = Partial<Pick<ApiKey, "name" | "disabled" | "expiresAt">>;

/** Returns the key as it is now, or undefined when the account has no such key. */
export async function updateApiKey(
  db: Database,
  accountId: string,
  hash: string,
  change: ApiKeyChange,
): Promise<ApiKey | undefined> {
  const [row] = await db
    .update(apiKeys)
    .set({ ...change, updatedAt: sql`now()` })
    .where(ownKey(accountId, hash))
    .returning();
  return row;
}

/** Soft, since the ledger and the log name the key for ever. */
export async function deleteApiKey(db: Database, accountId: string, hash: string): Promise<boolean> {
  const rows = await db
    .update(apiKeys)
    .set({ deletedAt: sql`now()` })
    .where(ownKey(accountId, hash))
    .returning({ id: apiKeys.id });
  return rows.length > 0;
}

/**
 * Moves the open holds onto the key, or off it, and reads what the new window has spent; see `key_set_limit`. Whether BYOK
 * counts in the limit stays as it is where nothing is said.
 */
export async function setApiKeyLimit(
  keyId: string,
  limitNano: bigint | null,
  reset: ApiKey["reset"],
  includeByok?: boolean,
): Promise<void> {
  const limit = limitNano === null ? null : limitNano.toString();
  await moneyStatement(
    (statement) =>
      statement`select key_set_limit(${keyId}, ${limit}::text::bigint, ${reset}, ${includeByok ?? null}::boolean)`,
  );
}

const ownKey = (accountId: string, hash: string) =>
  and(eq(apiKeys.accountId, accountId), eq(apiKeys.hash, hash), isNull(apiKeys.deletedAt), isNull(apiKeys.sessionId));
