import { and, asc, eq, gt, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../client";
import { ledger } from "../schema";

export type LedgerRow = typeof ledger.$inferSelect;
export type LedgerKind = LedgerRow["kind"];
/** A row of the ledger and what the account had after it; nano-USD. */
export type BalancedRow = LedgerRow & { balanceNano: bigint };

export type LedgerFilter = {
  kinds?: readonly LedgerKind[];
  /** From this moment on, and before that one. */
  from?: Date;
  until?: Date;
};

/** Rows beyond this one: `older` than it, or `newer`. */
export type LedgerCursor = { older: bigint } | { newer: bigint };

const matching = (accountId: string, { kinds, from, until }: LedgerFilter): SQL | undefined =>
  and(
    eq(ledger.accountId, accountId),
    kinds && inArray(ledger.kind, [...kinds]),
    from && gte(ledger.createdAt, from),
    until && lt(ledger.createdAt, until),
  );

/**
 * A page of an account's ledger, newest first, with what was left after each row: the balance of now without all that
 * came later, read in the same statement, so that the two cannot disagree. What it costs grows with how far back it is.
 */
export async function listLedger(
  db: Database,
  accountId: string,
  { filter = {}, cursor, most }: { filter?: LedgerFilter; cursor?: LedgerCursor; most: number },
): Promise<BalancedRow[]> {
  const forward = cursor !== undefined && "newer" in cursor;
  const beyond =
    cursor && (forward ? sql`id > ${cursor.newer.toString()}::bigint` : sql`id < ${cursor.older.toString()}::bigint`);
  const rows = await db.execute<RawRow>(sql`
    with page as (
      select * from ledger where ${and(matching(accountId, filter), beyond)}
       order by id ${forward ? sql`asc` : sql`desc`} limit ${most}
    ), span as (
      select id, sum(amount_nano) over (order by id desc) - amount_nano as later
        from ledger
       where account_id = ${accountId} and id between (select min(id) from page) and (select max(id) from page)
    ), after as (
      select coalesce(sum(amount_nano), 0) as total
        from ledger where account_id = ${accountId} and id > (select max(id) from page)
    )
    select page.id::text, page.amount_nano::text, page.kind, page.source, page.source_id, page.created_at::text,
           (a.posted_nano - after.total - span.later)::text as balance_nano
      from page join span on span.id = page.id cross join after join accounts a on a.id = ${accountId}
     order by page.id desc`);
  return rows.map((row) => ({ ...toLedgerRow(accountId, row), balanceNano: BigInt(row.balance_nano) }));
}

/**
 * All of an account's ledger that the filter lets through, oldest first, a batch at a time; the balance is the sum of
 * every row up to there, those left out included.
 */
export async function* walkLedger(
  db: Database,
  accountId: string,
  filter: LedgerFilter,
  batch = 1_000,
): AsyncGenerator<BalancedRow[]> {
  const { kinds, ...range } = filter;
  let balance = await sumBefore(db, accountId, filter.from);
  let last = 0n;
  for (;;) {
    const rows = await db
      .select()
      .from(ledger)
      .where(and(matching(accountId, range), gt(ledger.id, last)))
      .orderBy(asc(ledger.id))
      .limit(batch);
    const balanced = rows.map((row) => ({ ...row, balanceNano: (balance += row.amountNano) }));
    yield kinds ? balanced.filter(({ kind }) => kinds.includes(kind)) : balanced;
    const end = rows.at(-1);
    if (!end || rows.length < batch) return;
    last = end.id;
  }
}

/** One row of an account's, with what was left after it; undefined when the account has none of this id. */
export async function findLedgerRow(db: Database, accountId: string, id: bigint): Promise<BalancedRow | undefined> {
  const [row] = await listLedger(db, accountId, { cursor: { older: id + 1n }, most: 1 });
  return row?.id === id ? row : undefined;
}

/** Every row of the account that was booked for one source, oldest first. */
export const listLedgerOfSource = (
  db: Database,
  accountId: string,
  source: string,
  sourceId: string,
): Promise<LedgerRow[]> =>
  db
    .select()
    .from(ledger)
    .where(and(eq(ledger.source, source), eq(ledger.sourceId, sourceId), eq(ledger.accountId, accountId)))
    .orderBy(asc(ledger.id));

type RawRow = {
  id: string;
  amount_nano: string;
  kind: LedgerKind;
  source: string;
  source_id: string;
  created_at: string;
  balance_nano: string;
};

const toLedgerRow = (accountId: string, row: RawRow): LedgerRow => ({
  id: BigInt(row.id),
  accountId,
  amountNano: BigInt(row.amount_nano),
  kind: row.kind,
  source: row.source,
  sourceId: row.source_id,
  createdAt: new Date(row.created_at),
});

async function sumBefore(db: Database, accountId: string, from: Date | undefined): Promise<bigint> {
  if (!from) return 0n;
  const [row] = await db
    .select({ total: sql<string>`coalesce(sum(${ledger.amountNano}), 0)::text` })
    .from(ledger)
    .where(and(eq(ledger.accountId, accountId), lt(ledger.createdAt, from)));
  return BigInt(row?.total ?? 0);
}
