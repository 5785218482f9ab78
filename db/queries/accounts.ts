import { eq, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { accounts, users } from "../schema";

export type NewUser = {
  email: string;
  passwordHash: string | null;
  role: "user" | "operator";
  /** By somebody who has not shown that he reads the mail of this address, nor was asked to by the operator. */
  claimed?: boolean;
};

/** Makes the user and his account in one statement; undefined when the e-mail address is taken. */
export async function insertUser({ email, passwordHash, role, claimed = false }: NewUser) {
  const [row] = await moneyStatement<{ id: string; accountId: string }[]>(
    (statement) => statement`
      with account as (
        insert into accounts (id) select gen_random_uuid() where not exists (select 1 from users where email = ${email}) returning id
      )
      insert into users (account_id, email, password_hash, role, claimed)
        select id, ${email}, ${passwordHash}, ${role}, ${claimed} from account
        returning id, account_id as "accountId"`,
  );
  return row;
}

export async function findUserByEmail(db: Database, email: string) {
  const [row] = await db.select().from(users).where(eq(users.email, email.toLowerCase()));
  return row;
}

export async function findAccount(db: Database, accountId: string) {
  const [row] = await db.select().from(accounts).where(eq(accounts.id, accountId));
  return row;
}

export type CreditKind = "topup" | "refund" | "adjustment" | "promo";

/** Books money that comes in. The same source twice is booked once. */
export async function creditAccount(
  accountId: string,
  { amount, kind, source, sourceId }: { amount: bigint; kind: CreditKind; source: string; sourceId: string },
): Promise<"ok" | "already"> {
  const [row] = await moneyStatement<{ outcome: "ok" | "already" }[]>(
    (statement) =>
      statement`select credit(${accountId}, ${amount.toString()}::text::bigint, ${kind}, ${source}, ${sourceId}) as outcome`,
  );
  return row?.outcome ?? "already";
}

/** What an account was ever given and has ever used, in nano-USD. */
export async function sumCredits(db: Database, accountId: string): Promise<{ given: bigint; used: bigint }> {
  const rows = await db.execute<{ given: string; used: string }>(sql`
    select coalesce(sum(amount_nano) filter (where kind not in ('usage', 'usage_late')), 0) as given,
           coalesce(-sum(amount_nano) filter (where kind in ('usage', 'usage_late')), 0) as used
      from ledger where account_id = ${accountId}`);
  return { given: BigInt(rows[0]?.given ?? 0), used: BigInt(rows[0]?.used ?? 0) };
}

/** Rows that should not be there: each list is empty when the books are right. */
export async function findDrift(db: Database) {
  const [accountRows, keyRows, usageRows, overdue] = await Promise.all([
    db.execute(sql`select * from account_drift limit 100`),
    db.execute(
      sql`select key_id, held_drift_nano, 0 as spent_drift_nano from key_drift union all select key_id, 0, spent_drift_nano from key_spent_drift union all select key_id, held_drift_nano, spent_drift_nano from budget_drift limit 100`,
    ),
    db.execute(sql`select * from usage_drift limit 100`),
    db.execute(
      sql`select id from holds where status = 'open' and expires_at < now() - interval '60 seconds' limit 100`,
    ),
  ]);
  return { accounts: [...accountRows], keys: [...keyRows], usage: [...usageRows], overdueHolds: [...overdue] };
}

/** The whole of the books in figures, nano-USD. */
export async function sumBooks(db: Database) {
  const [row] = await db.execute<Record<string, string>>(sql`
    select (select coalesce(sum(posted_nano), 0) from accounts) as posted_nano,
           (select coalesce(sum(held_nano), 0) from accounts) as held_nano,
           (select count(*) from holds where status = 'open') as open_holds,
           (select count(*) from generations) as generations,
           (select coalesce(sum(cost_nano), 0) from generations) as charged_nano,
           (select coalesce(sum(upstream_cost_nano), 0) from generations where not is_byok) as upstream_cost_nano,
           (select coalesce(sum(overage_nano), 0) from generations) as overage_nano`);
  return row;
}
