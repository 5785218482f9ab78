import { and, asc, eq, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { retrying } from "../retrying";
import { apiKeys, type GuardrailRules, guardrailKeys, guardrails } from "../schema";

export type Guardrail = typeof guardrails.$inferSelect;

/** What is named is changed; of the rules each by itself, and null takes one away. */
export type GuardrailChange = Partial<
  Pick<Guardrail, "name" | "description" | "limitNano" | "reset" | "countsByok">
> & {
  rules?: { [Rule in keyof GuardrailRules]?: GuardrailRules[Rule] | null };
};

export type GuardrailAssignment = {
  id: string;
  guardrailId: string;
  createdAt: Date;
  hash: string;
  label: string;
  name: string;
};

type Page = { offset: number; most: number };

/** Two changes at once wait for one another, and each reads the log of its keys. */
const SET_WITHIN_MS = 10_000;

export async function listGuardrails(db: Database, accountId: string, { offset, most }: Page) {
  const of = eq(guardrails.accountId, accountId);
  const found = await db
    .select()
    .from(guardrails)
    .where(of)
    .orderBy(asc(guardrails.createdAt), asc(guardrails.id))
    .offset(offset)
    .limit(most);
  return { guardrails: found, total: await db.$count(guardrails, of) };
}

export async function findGuardrail(db: Database, accountId: string, id: string): Promise<Guardrail | undefined> {
  const [found] = await db.select().from(guardrails).where(own(accountId, id));
  return found;
}

/** Undefined when the account has as many as it may. */
export async function insertGuardrail(
  db: Database,
  row: typeof guardrails.$inferInsert,
  mostAnAccount: number,
): Promise<Guardrail | undefined> {
  if ((await db.$count(guardrails, eq(guardrails.accountId, row.accountId))) >= mostAnAccount) return undefined;
  const [made] = await db.insert(guardrails).values(row).returning();
  return made;
}

/** With the budgets of its keys, in one statement; see `guardrail_change`. */
export async function updateGuardrail(accountId: string, id: string, change: GuardrailChange): Promise<boolean> {
  const { limitNano, countsByok, ...rest } = change;
  const columns = JSON.stringify({
    ...rest,
    ...(limitNano !== undefined && { limit_nano: limitNano?.toString() ?? null }),
    ...(countsByok !== undefined && { counts_byok: countsByok }),
  });
  const rows = await retrying(
    () =>
      moneyStatement<object[]>(
        (statement) => statement`select id from guardrail_change(${accountId}, ${id}, ${columns}::text::jsonb)`,
      ),
    SET_WITHIN_MS,
  );
  return rows.length > 0;
}

/** How many keys have it now of those named; undefined when the account has not all of them, or no such guardrail. */
export async function assignGuardrail(accountId: string, id: string, hashes: string[]): Promise<number | undefined> {
  return counted((statement) => statement`select guardrail_assign(${accountId}, ${id}, ${hashes}::text[]) as keys`);
}

/** How many keys had it; undefined when the account has no such guardrail. Without hashes, of all that have it. */
export async function unassignGuardrail(
  accountId: string,
  id: string,
  hashes: string[] | null,
): Promise<number | undefined> {
  return counted((statement) => statement`select guardrail_unassign(${accountId}, ${id}, ${hashes}::text[]) as keys`);
}

/** Only one that no key has. */
export async function deleteGuardrail(db: Database, accountId: string, id: string): Promise<boolean> {
  return (await db.delete(guardrails).where(own(accountId, id)).returning({ id: guardrails.id })).length > 0;
}

/** Of one guardrail, or of all of the account's. */
export async function listAssignments(db: Database, accountId: string, { offset, most }: Page, id?: string) {
  const of = and(eq(guardrails.accountId, accountId), id === undefined ? undefined : eq(guardrails.id, id));
  const from = () =>
    db
      .select({
        id: guardrailKeys.id,
        guardrailId: guardrailKeys.guardrailId,
        createdAt: guardrailKeys.createdAt,
        hash: apiKeys.hash,
        label: apiKeys.label,
        name: apiKeys.name,
      })
      .from(guardrailKeys)
      .innerJoin(guardrails, eq(guardrails.id, guardrailKeys.guardrailId))
      .innerJoin(apiKeys, eq(apiKeys.id, guardrailKeys.keyId))
      .where(of);
  const assignments: GuardrailAssignment[] = await from()
    .orderBy(asc(guardrailKeys.createdAt), asc(guardrailKeys.id))
    .offset(offset)
    .limit(most);
  const [row] = await db.select({ total: sql<number>`count(*)::int` }).from(from().as("assigned"));
  return { assignments, total: row?.total ?? 0 };
}

async function counted(statement: Parameters<typeof moneyStatement>[0]): Promise<number | undefined> {
  const rows = await retrying(() => moneyStatement<{ keys: number | null }[]>(statement as never), SET_WITHIN_MS);
  return rows[0]?.keys ?? undefined;
}

const own = (accountId: string, id: string) => and(eq(guardrails.accountId, accountId), eq(guardrails.id, id));
