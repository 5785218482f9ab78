import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../client";
import { users } from "../schema";

export type User = typeof users.$inferSelect;

export async function findUser(db: Database, userId: string): Promise<User | undefined> {
  const [row] = await db.select().from(users).where(eq(users.id, userId));
  return row;
}

/** Ends every session of the user: see `users_end_sessions`. */
export async function updatePassword(db: Database, userId: string, passwordHash: string): Promise<void> {
  await db.update(users).set({ passwordHash }).where(eq(users.id, userId));
}

export async function updateName(db: Database, userId: string, name: string | null): Promise<void> {
  await db.update(users).set({ name }).where(eq(users.id, userId));
}

/**
 * Gives the user another address, which he has shown to be his; false when it is somebody's already, or he is disabled. Ends
 * every session and link of his: see `users_end_sessions`.
 */
export async function updateEmail(db: Database, userId: string, email: string): Promise<boolean> {
  const rows = await db.execute(sql`
    update users set email = ${email}, email_verified_at = now(), claimed = false
     where id = ${userId} and disabled_at is null and not exists (select 1 from users where email = ${email})
    returning id`);
  return rows.length > 0;
}

/**
 * The first to verify the address; undefined when it was verified before, or is no longer the user's. Unless `keep`, a
 * claimed account loses in the same statement every way in that was laid before, as `cleared` says; its sessions and links
 * end with its password, see `users_end_sessions`.
 */
export async function updateEmailVerified(
  db: Database,
  userId: string,
  email: string,
  keep: boolean,
): Promise<{ cleared: boolean } | undefined> {
  const rows = await db.execute<{ cleared: boolean }>(sql`
    with proved as (
      select id, account_id, claimed and not ${keep} as cleared from users
       where id = ${userId} and email = ${email} and email_verified_at is null for update),
    lost as (select id, account_id from proved where cleared),
    verified as (
      update users u set email_verified_at = now(), claimed = false,
             password_hash = case when p.cleared then null else u.password_hash end
        from proved p where u.id = p.id),
    a as (delete from identities where user_id in (select id from lost)),
    b as (delete from authenticators where user_id in (select id from lost)),
    c as (delete from recovery_codes where user_id in (select id from lost)),
    d as (delete from byok_keys where account_id in (select account_id from lost)),
    e as (update api_keys set deleted_at = now() where account_id in (select account_id from lost) and deleted_at is null)
    select cleared from proved`);
  return rows[0];
}

/** Whether somebody laid ways into the account before its address was verified. */
export async function isClaimed(db: Database, userId: string): Promise<boolean> {
  const [row] = await db.select({ claimed: users.claimed }).from(users).where(eq(users.id, userId));
  return row?.claimed ?? false;
}

/** Makes the owner of a verified address an operator, where he is not one yet. */
export async function updateToOperator(db: Database, email: string): Promise<void> {
  await db.execute(sql`
    update users set role = 'operator' where email = ${email} and email_verified_at is not null and role <> 'operator'`);
}

export async function findOperator(db: Database): Promise<{ id: string } | undefined> {
  const [row] = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "operator"), isNull(users.disabledAt)))
    .limit(1);
  return row;
}

/**
 * The first operator, for whoever has a setup link. One statement takes every such link away and makes account and user:
 * of fifty at once, with one link or with several, one gets it, and a refused one leaves the links as they were.
 * Undefined when the link is of no use, or there is an operator. @throws the driver's error for an address that is taken
 */
export async function insertFirstOperator(db: Database, tokenHash: string, email: string, passwordHash: string) {
  const rows = await db.execute<{ id: string }>(sql`
    with links as (
      delete from auth_tokens
       where purpose = 'operator_setup'
         and exists (select 1 from auth_tokens
                      where hash = ${tokenHash} and purpose = 'operator_setup' and expires_at > now())
         and not exists (select 1 from users where role = 'operator' and disabled_at is null)
      returning hash),
    account as (insert into accounts (id) select gen_random_uuid() from links where hash = ${tokenHash} returning id)
    insert into users (account_id, email, password_hash, role)
      select id, ${email}, ${passwordHash}, 'operator' from account
    returning id`);
  return rows[0]?.id;
}
