import { sql } from "drizzle-orm";
import type { Database } from "../client";

/**
 * Deletes an account as far as it is somebody's, in one statement: the user's address, name and ways in, his keys, presets
 * and settings. The account, its ledger, its payments and its log stay; an open hold settles as it would have.
 * False when it was deleted before. @throws the driver's error `LG005` for the last operator
 */
export async function closeAccount(db: Database, userId: string): Promise<boolean> {
  const rows = await db.execute(sql`
    with gone as (select id, account_id from users where id = ${userId} and disabled_at is null for update),
    closed as (insert into account_closures (account_id) select account_id from gone on conflict do nothing),
    a as (update api_keys set deleted_at = coalesce(deleted_at, now()), disabled = true, name = 'Deleted'
           where account_id in (select account_id from gone)),
    b as (delete from former_key_secrets where key_id in (
            select id from api_keys where account_id in (select account_id from gone))),
    c as (delete from byok_keys where account_id in (select account_id from gone)),
    d as (delete from presets where account_id in (select account_id from gone)),
    e as (update auto_top_ups set enabled = false where account_id in (select account_id from gone)),
    f as (delete from identities where user_id in (select id from gone)),
    g as (delete from authenticators where user_id in (select id from gone)),
    h as (delete from recovery_codes where user_id in (select id from gone)),
    j as (delete from account_settings where account_id in (select account_id from gone)),
    l as (delete from kept_answers where account_id in (select account_id from gone)),
    k as (delete from prompt_logs where account_id in (select account_id from gone)),
    i as (delete from auth_tokens where user_id in (select id from gone))
    update users u
       set email = 'deleted-' || u.id || '@deleted.invalid', name = null, password_hash = null, email_verified_at = null,
           claimed = false, role = 'user', disabled_at = now()
      from gone where u.id = gone.id
    returning u.id`);
  return rows.length > 0;
}

/**
 * Takes what callers said of their own users out of the log of one closed account that has no open hold any more, so many
 * rows at once. `none` when there is no such account; several replicas at once take different ones.
 */
export async function scrubClosedAccount(db: Database, most: number): Promise<"more" | "done" | "none"> {
  const [row] = await db.execute<{ scrubbed: number }>(sql`
    with due as (
      select account_id from account_closures c
       where scrubbed_at is null
         and not exists (select 1 from holds h where h.account_id = c.account_id and h.status = 'open')
       order by closed_at limit 1 for update skip locked),
    personal as (
      select g.id, g.created_at from generations g
       where g.account_id = (select account_id from due) and (g.external_user is not null or g.session_id is not null)
       limit ${most}),
    scrubbed as (
      update generations g set external_user = null, session_id = null
        from personal p where g.id = p.id and g.created_at = p.created_at returning 1),
    done as (
      update account_closures c set scrubbed_at = clock_timestamp()
        from due where c.account_id = due.account_id and (select count(*) from personal) < ${most}),
    cards as (delete from auto_top_ups where account_id = (select account_id from due))
    select (select count(*)::int from scrubbed) as scrubbed from due`);
  if (!row) return "none";
  return row.scrubbed < most ? "done" : "more";
}
