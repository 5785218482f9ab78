CREATE TABLE "account_freezes" (
	"account_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_freezes_account_id_reason_source_pk" PRIMARY KEY("account_id","reason","source")
);
--> statement-breakpoint
ALTER TABLE "account_freezes" ADD CONSTRAINT "account_freezes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
-- An account that was frozen before freezes had causes stays so until an operator lifts it.
insert into account_freezes (account_id, reason, source) select id, 'operator', 'unknown' from accounts where frozen;
--> statement-breakpoint

-- Freezes for one more cause; false when that cause holds already. Several may hold at once, and `accounts.frozen` says
-- whether any does: it is written here and in account_unfreeze only, under the account's lock.
create function account_freeze(p_account uuid, p_reason text, p_source text) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare v_new boolean;
begin
  perform 1 from accounts where id = p_account for no key update;
  if not found then raise exception 'no such account' using errcode = 'LG404'; end if;
  insert into account_freezes (account_id, reason, source) values (p_account, p_reason, p_source) on conflict do nothing;
  v_new := found;
  update accounts set frozen = true where id = p_account and not frozen;
  return v_new;
end $$;
--> statement-breakpoint

-- Lifts one cause; false when it did not hold. The account is usable again once no cause is left.
create function account_unfreeze(p_account uuid, p_reason text, p_source text) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare v_gone boolean;
begin
  perform 1 from accounts where id = p_account for no key update;
  if not found then raise exception 'no such account' using errcode = 'LG404'; end if;
  delete from account_freezes where account_id = p_account and reason = p_reason and source = p_source;
  v_gone := found;
  update accounts set frozen = false
   where id = p_account and frozen and not exists (select 1 from account_freezes where account_id = p_account);
  return v_gone;
end $$;
--> statement-breakpoint

-- Accounts whose flag and causes disagree; empty at every snapshot.
create view freeze_drift as
  select a.id as account_id, a.frozen from accounts a
   where a.frozen is distinct from exists (select 1 from account_freezes f where f.account_id = a.id);
