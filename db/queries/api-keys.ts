import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { retrying } from "../retrying";
import { apiKeys, type GuardrailRules, type RoutingSettings } from "../schema";

export type LiveApiKey = {
  keyId: string;
  accountId: string;
  kind: "inference" | "management";
  hash: string;
  /** Slugs of the models it may call; null: all. */
  allowedModels: string[] | null;
  /** It may make so many requests only, or use so many tokens, beside what it may spend. */
  isRated: boolean;
  countsTokens: boolean;
  guardrail: LiveGuardrail | null;
  /** The keys for providers that its requests may use, in the order to try them. */
  byok: LiveByokKey[];
  /** What its account wants of all its requests; null: nothing. */
  routing: RoutingSettings | null;
  /** Whether it wants prompts and answers kept. */
  logsPrompts: boolean;
};

/** What a key's requests may reach; its budget is the hold's to mind. */
export type LiveGuardrail = { name: string; rules: GuardrailRules };

export type LiveByokKey = {
  id: string;
  provider: string;
  sealed: string;
  isFallback: boolean;
  isRequired: boolean;
  isByokOnly: boolean;
  models: string[] | null;
};

/**
 * The key with this hash, if it may be used now; undefined when it is unknown, disabled, expired or deleted, when its owner
 * is, or when the session has ended that it was made for.
 */
export async function findLiveApiKey(hash: string): Promise<LiveApiKey | undefined> {
  const [key] = await moneyStatement<LiveApiKey[]>(
    (statement) => statement`
      select k.id as "keyId", k.account_id as "accountId", k.kind, k.hash, k.allowed_models as "allowedModels",
             num_nonnulls(k.requests_per_minute, k.tokens_per_minute, k.parallel_requests) > 0 as "isRated",
             k.tokens_per_minute is not null as "countsTokens",
             (select json_build_object('name', g.name, 'rules', g.rules)
                from guardrail_keys q join guardrails g on g.id = q.guardrail_id where q.key_id = k.id) as guardrail,
             (select coalesce(json_agg(json_build_object('id', b.id, 'provider', b.provider_slug, 'sealed', b.sealed_key,
                       'isFallback', b.is_fallback, 'isRequired', b.is_required, 'isByokOnly', b.is_byok_only,
                       'models', b.allowed_models) order by b.sort_order, b.created_at, b.id), '[]')
                from byok_keys b
               where b.account_id = k.account_id and not b.disabled
                 and (b.allowed_key_ids is null or k.id = any (b.allowed_key_ids))) as byok, s.routing, coalesce(s.log_prompts, false) as "logsPrompts"
        from api_keys k left join account_settings s on s.account_id = k.account_id
       where k.id = (select id from api_keys where hash = ${hash}
                     union all select key_id from former_key_secrets where hash = ${hash} and expires_at > now() limit 1) and not k.disabled and k.deleted_at is null
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

/** The key that calls, whatever it was made for. */
export async function findApiKeyById(db: Database, id: string): Promise<ApiKey | undefined> {
  const [key] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
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

export type ApiKeyChange = Partial<
  Pick<
    ApiKey,
    "name" | "disabled" | "expiresAt" | "allowedModels" | "requestsPerMinute" | "tokensPerMinute" | "parallelRequests"
  >
>;

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

/**
 * Gives the key a new secret; the old one is good until `until`. One statement: the limit and the counters stay where they
 * are. Undefined when the account has no such key.
 */
export async function replaceApiKeySecret(
  accountId: string,
  hash: string,
  next: { hash: string; label: string },
  until: Date,
): Promise<string | undefined> {
  const [row] = await moneyStatement<{ hash: string }[]>(
    (statement) => statement`
      with rotated as (
        update api_keys set hash = ${next.hash}, label = ${next.label}, updated_at = now()
         where account_id = ${accountId} and hash = ${hash} and deleted_at is null and session_id is null returning id
      ), kept as (
        insert into former_key_secrets (hash, key_id, expires_at)
          select ${hash}, id, ${until.toISOString()}::timestamptz from rotated
      )
      select ${next.hash} as hash from rotated`,
  );
  return row?.hash;
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

/** Two changes at once wait for one another, for seconds where the key's log is long. */
const SET_LIMIT_WITHIN_MS = 10_000;

export type ApiKeyLimit = { limit?: bigint | null; reset?: ApiKey["reset"]; includeByok?: boolean };

/**
 * Changes what is named, and nothing else, whoever changes the rest meanwhile. Moves the open holds onto the key, or off it,
 * and reads what the new window has spent; see `key_set_limit`.
 */
export async function setApiKeyLimit(keyId: string, { limit, reset, includeByok }: ApiKeyLimit): Promise<void> {
  const change = JSON.stringify({ limit: limit?.toString() ?? limit, reset, counts_byok: includeByok });
  const set = () => moneyStatement((statement) => statement`select key_set_limit(${keyId}, ${change}::text::jsonb)`);
  await retrying(set, SET_LIMIT_WITHIN_MS);
}

const ownKey = (accountId: string, hash: string) =>
  and(eq(apiKeys.accountId, accountId), eq(apiKeys.hash, hash), isNull(apiKeys.deletedAt), isNull(apiKeys.sessionId));
