import { and, asc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import type { Database } from "../client";
import {
  accountSettings,
  apiKeys,
  auditLog,
  autoTopUps,
  byokKeys,
  generations,
  identities,
  payments,
  presets,
  presetVersions,
  sessions,
  users,
} from "../schema";

type Row = Record<string, unknown>;
type Whose = { accountId: string; userId: string };

/** What is kept of somebody and is short; nothing of it opens anything. */
export async function findPersonalData(db: Database, { accountId, userId }: Whose): Promise<Record<string, Row[]>> {
  const { email, emailVerifiedAt, name, role, createdAt } = users;
  return {
    profile: await db.select({ email, emailVerifiedAt, name, role, createdAt }).from(users).where(eq(users.id, userId)),
    waysIn: await db
      .select({ provider: identities.provider, email: identities.email, createdAt: identities.createdAt })
      .from(identities)
      .where(eq(identities.userId, userId)),
    sessions: await db
      .select({
        createdAt: sessions.createdAt,
        lastSeenAt: sessions.lastSeenAt,
        userAgent: sessions.userAgent,
        address: sessions.address,
      })
      .from(sessions)
      .where(eq(sessions.userId, userId)),
    keys: await db
      .select({
        name: apiKeys.name,
        label: apiKeys.label,
        kind: apiKeys.kind,
        limitNano: apiKeys.limitNano,
        reset: apiKeys.reset,
        allowedModels: apiKeys.allowedModels,
        disabled: apiKeys.disabled,
        expiresAt: apiKeys.expiresAt,
        createdAt: apiKeys.createdAt,
        deletedAt: apiKeys.deletedAt,
      })
      .from(apiKeys)
      .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.sessionId)))
      .orderBy(asc(apiKeys.createdAt)),
    providerKeys: await db
      .select({
        provider: byokKeys.providerSlug,
        name: byokKeys.name,
        label: byokKeys.label,
        disabled: byokKeys.disabled,
        lastUsedAt: byokKeys.lastUsedAt,
        createdAt: byokKeys.createdAt,
      })
      .from(byokKeys)
      .where(eq(byokKeys.accountId, accountId)),
    presets: await db
      .select({
        slug: presets.slug,
        name: presets.name,
        version: presetVersions.version,
        config: presetVersions.config,
        systemPrompt: presetVersions.systemPrompt,
        createdAt: presetVersions.createdAt,
      })
      .from(presets)
      .innerJoin(presetVersions, eq(presetVersions.presetId, presets.id))
      .where(eq(presets.accountId, accountId))
      .orderBy(asc(presets.slug), asc(presetVersions.version)),
    autoTopUp: await db
      .select({
        enabled: autoTopUps.enabled,
        thresholdNano: autoTopUps.thresholdNano,
        amountMinor: autoTopUps.amountMinor,
        dailyCapMinor: autoTopUps.dailyCapMinor,
      })
      .from(autoTopUps)
      .where(eq(autoTopUps.accountId, accountId)),
    settings: await db
      .select({
        routing: accountSettings.routing,
        logsPrompts: accountSettings.logsPrompts,
        lowBalanceNano: accountSettings.lowBalanceNano,
        tellsKeyLimits: accountSettings.tellsKeyLimits,
        updatedAt: accountSettings.updatedAt,
      })
      .from(accountSettings)
      .where(eq(accountSettings.accountId, accountId)),
    payments: await db
      .select({
        id: payments.id,
        kind: payments.kind,
        status: payments.status,
        expectedAmountMinor: payments.expectedAmountMinor,
        feeMinor: payments.feeMinor,
        taxMinor: payments.taxMinor,
        currency: payments.currency,
        creditedNano: payments.creditedNano,
        createdAt: payments.createdAt,
      })
      .from(payments)
      .where(eq(payments.accountId, accountId))
      .orderBy(asc(payments.createdAt)),
    acts: await db
      .select({
        createdAt: auditLog.createdAt,
        action: auditLog.action,
        targetKind: auditLog.targetKind,
        after: auditLog.after,
        address: auditLog.address,
      })
      .from(auditLog)
      .where(and(eq(auditLog.actor, "user"), eq(auditLog.actorId, userId)))
      .orderBy(asc(auditLog.id)),
  };
}

const BATCH = 1_000;

/** The whole log of an account, oldest first, a batch at a time. */
export async function* walkGenerations(db: Database, accountId: string): AsyncGenerator<Row[]> {
  const {
    accountId: _his,
    keyId: _key,
    endpointId: _endpoint,
    priceId: _price,
    ...shown
  } = getTableColumns(generations);
  let after: { at: string; id: string } | undefined;
  for (;;) {
    const rows = await db
      .select({ ...shown, key: apiKeys.name, at: sql<string>`${generations.createdAt}::text` })
      .from(generations)
      .leftJoin(apiKeys, eq(apiKeys.id, generations.keyId))
      .where(
        and(
          eq(generations.accountId, accountId),
          after && sql`(${generations.createdAt}, ${generations.id}) > (${after.at}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(asc(generations.createdAt), asc(generations.id))
      .limit(BATCH);
    yield rows.map(({ at: _at, ...row }) => row);
    after = rows.at(-1);
    if (rows.length < BATCH) return;
  }
}
