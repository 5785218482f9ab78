import { and, desc, eq, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../client";
import type { Operator } from "../operator";
import { accounts, auditLog, sessions, users } from "../schema";

/** A user as an operator sees him in a list; nano-USD. */
const PERSON = {
  id: users.id,
  accountId: users.accountId,
  email: users.email,
  name: users.name,
  role: users.role,
  emailVerifiedAt: users.emailVerifiedAt,
  disabledAt: users.disabledAt,
  createdAt: users.createdAt,
  postedNano: accounts.postedNano,
  heldNano: accounts.heldNano,
  frozen: accounts.frozen,
};

export type Person = Awaited<ReturnType<typeof listPeople>>[number];

/** Rows beyond that user's: those who came before him, or after. */
export type PeopleCursor = { older: string } | { newer: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A page of users, the newest first; `search` is part of an address or a name, or an id of the user or his account. */
export async function listPeople(
  { database }: Operator,
  { search = "", cursor, most }: { search?: string; cursor?: PeopleCursor; most: number },
) {
  const forward = cursor !== undefined && "newer" in cursor;
  const rows = await database
    .select(PERSON)
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(matching(search.trim()), cursor && beyond(cursor)))
    .orderBy(
      ...(forward ? [sql`${users.createdAt} asc`, sql`${users.id} asc`] : [desc(users.createdAt), desc(users.id)]),
    )
    .limit(most);
  return forward ? rows.reverse() : rows;
}

function matching(search: string): SQL | undefined {
  if (search === "") return undefined;
  if (UUID.test(search)) return or(eq(users.id, search), eq(users.accountId, search));
  // No pattern: what is typed stands for itself.
  const inside = (column: SQL | typeof users.email | typeof users.name) =>
    sql`strpos(lower(${column}), ${search.toLowerCase()}) > 0`;
  return or(inside(users.email), inside(users.name));
}

function beyond(cursor: PeopleCursor): SQL {
  const of = (id: string) => sql`(select c.created_at, c.id from users c where c.id = ${id})`;
  return "newer" in cursor
    ? sql`(${users.createdAt}, ${users.id}) > ${of(cursor.newer)}`
    : sql`(${users.createdAt}, ${users.id}) < ${of(cursor.older)}`;
}

export async function findPerson({ database }: Operator, userId: string): Promise<Person | undefined> {
  const [row] = await database
    .select(PERSON)
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(eq(users.id, userId));
  return row;
}

/** What is written of a user and of his account, the newest first. */
export const listPersonAudit = (
  { database }: Operator,
  { id, accountId }: Pick<Person, "id" | "accountId">,
  most: number,
) =>
  database
    .select()
    .from(auditLog)
    .where(
      or(
        and(eq(auditLog.targetKind, "user"), eq(auditLog.targetId, id)),
        and(eq(auditLog.targetKind, "account"), eq(auditLog.targetId, accountId)),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(most);

/** The role as it was, locked until the end of the transaction; undefined when there is no such user. */
export async function lockPerson(tx: Database, userId: string) {
  const [row] = await tx
    .select({ id: users.id, accountId: users.accountId, email: users.email, role: users.role })
    .from(users)
    .where(eq(users.id, userId))
    .for("no key update");
  return row;
}

/** @throws the driver's error `LG005` for the last operator */
export async function updatePersonRole(tx: Database, userId: string, role: Person["role"]): Promise<void> {
  await tx.update(users).set({ role }).where(eq(users.id, userId));
}

/** Signs a user out everywhere; returns how many sessions those were. */
export async function deleteSessions(tx: Database, userId: string): Promise<number> {
  const rows = await tx.delete(sessions).where(eq(sessions.userId, userId)).returning({ id: sessions.id });
  return rows.length;
}

/** False when it was frozen for that already. See `account_freeze`. */
export async function insertFreeze(tx: Database, accountId: string, source: string): Promise<boolean> {
  const [row] = await tx.execute<{ changed: boolean }>(
    sql`select account_freeze(${accountId}::uuid, 'operator', ${source}) as changed`,
  );
  return row?.changed ?? false;
}

/** Lifts one cause, whatever it is. */
export async function deleteFreeze(tx: Database, accountId: string, reason: string, source: string): Promise<boolean> {
  const [row] = await tx.execute<{ changed: boolean }>(
    sql`select account_unfreeze(${accountId}::uuid, ${reason}, ${source}) as changed`,
  );
  return row?.changed ?? false;
}
