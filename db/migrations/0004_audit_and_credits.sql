CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"actor" text NOT NULL,
	"actor_id" text,
	"action" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"result" text DEFAULT 'ok' NOT NULL,
	"address" text,
	"request_id" text,
	"previous_hash" text DEFAULT '' NOT NULL,
	"hash" text DEFAULT '' NOT NULL,
	CONSTRAINT "audit_log_actor_known" CHECK ("audit_log"."actor" in ('user', 'operator-cli', 'system')),
	CONSTRAINT "audit_log_result_known" CHECK ("audit_log"."result" in ('ok', 'refused', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "redemption_attempts" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "redemption_codes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"hash" text NOT NULL,
	"label" text NOT NULL,
	"amount_nano" bigint NOT NULL,
	"uses" integer NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"note" text,
	"expires_at" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "redemption_codes_hash_unique" UNIQUE("hash"),
	CONSTRAINT "redemption_codes_amount_positive" CHECK ("redemption_codes"."amount_nano" > 0),
	CONSTRAINT "redemption_codes_used_within_uses" CHECK ("redemption_codes"."used" between 0 and "redemption_codes"."uses")
);
--> statement-breakpoint
CREATE TABLE "redemptions" (
	"code_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "redemptions_code_id_account_id_pk" PRIMARY KEY("code_id","account_id")
);
--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_code_id_redemption_codes_id_fk" FOREIGN KEY ("code_id") REFERENCES "public"."redemption_codes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_target" ON "audit_log" USING btree ("target_kind","target_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "redemptions_account" ON "redemptions" USING btree ("account_id","created_at");--> statement-breakpoint

-- The audit log. It is the last lock of the global order: hold, key, account, audit log.
create function audit_hash(p_row audit_log) returns text language sql stable set search_path = public, pg_temp as $$
  select encode(sha256(convert_to(jsonb_build_array(
    p_row.previous_hash, p_row.id, (extract(epoch from p_row.created_at) * 1000000)::bigint, p_row.actor, p_row.actor_id,
    p_row.action, p_row.target_kind, p_row.target_id, p_row.before, p_row.after, p_row.reason, p_row.result, p_row.address,
    p_row.request_id)::text, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- Whoever inserts, and however: number, time and hashes are given here, one row after the other.
create function audit_log_chain() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare v_last record;
begin
  perform pg_advisory_xact_lock(hashtext('audit_log'));
  select id, hash into v_last from audit_log order by id desc limit 1;
  new.id := coalesce(v_last.id, 0) + 1;
  new.previous_hash := coalesce(v_last.hash, '');
  new.created_at := clock_timestamp();
  new.hash := audit_hash(new);
  return new;
end $$;
--> statement-breakpoint
create trigger audit_log_chain before insert on audit_log for each row execute function audit_log_chain();
--> statement-breakpoint
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'LG001';
end $$;
--> statement-breakpoint
create trigger audit_log_no_change before update or delete on audit_log for each row execute function audit_log_is_append_only();
--> statement-breakpoint
create trigger audit_log_no_truncate before truncate on audit_log for each statement execute function audit_log_is_append_only();
--> statement-breakpoint
-- Rows that are not what was written, or not where: empty when the log is whole.
create view audit_drift as
  select a.id, case when a.hash <> audit_hash(a.*::audit_log) then 'changed' else 'the row before it is not the one it followed' end as what
    from (select a.*, lag(a.id, 1, 0::bigint) over w as id_before, lag(a.hash, 1, '') over w as hash_before
            from audit_log a window w as (order by a.id)) c
    join audit_log a on a.id = c.id
   where a.hash <> audit_hash(a.*::audit_log) or a.previous_hash <> c.hash_before or a.id <> c.id_before + 1;
--> statement-breakpoint
-- Writes a row of the log, given as JSON with the names of its columns.
create function audit(p_entry jsonb) returns bigint language sql set search_path = public, pg_temp as $$
  insert into audit_log (actor, actor_id, action, target_kind, target_id, before, after, reason, result, address, request_id)
    select actor, actor_id, action, target_kind, target_id, before, after, reason, coalesce(result, 'ok'), address, request_id
      from jsonb_populate_record(null::audit_log, p_entry)
  returning id
$$;
--> statement-breakpoint

-- A credit that somebody decided on, and its row in the audit log: both or neither. `p_audit` says who and why.
-- Taking away is bounded by what is there: only refunds and disputes make a balance negative.
create function credit_audited(p_account uuid, p_amount bigint, p_kind text, p_source text, p_source_id text, p_audit jsonb) returns text
language plpgsql set search_path = public, pg_temp as $$
declare v_outcome text; v_account accounts;
begin
  v_outcome := credit(p_account, p_amount, p_kind, p_source, p_source_id);
  if v_outcome <> 'ok' then return v_outcome; end if;
  select * into v_account from accounts where id = p_account;
  if p_amount < 0 and v_account.posted_nano - v_account.held_nano < v_account.floor_nano then
    raise exception 'the account has no more than that to take away' using errcode = 'LG402';
  end if;
  perform audit(p_audit || jsonb_build_object('action', 'account.credit', 'target_kind', 'account', 'target_id', p_account,
    'before', jsonb_build_object('posted_nano', (v_account.posted_nano - p_amount)::text),
    'after', jsonb_build_object('posted_nano', v_account.posted_nano::text, 'amount_nano', p_amount::text, 'kind', p_kind,
      'source', p_source, 'source_id', p_source_id)));
  return v_outcome;
end $$;
--> statement-breakpoint

-- Turns a code into credits, once an account and as often as the code allows.
--   outcome: ok · already (this account has had it) · refused (unknown, expired, disabled or used up: one answer, or a
--            guesser would learn which codes exist) · throttled (too many wrong ones within the hour)
-- Locks the account's attempts, then the code, then the account; nothing else locks the first two.
create function code_redeem(p_account uuid, p_hash text, p_audit jsonb) returns table (outcome text, amount_nano bigint)
language plpgsql set search_path = public, pg_temp as $$
#variable_conflict use_column
declare v_attempts redemption_attempts; v_code redemption_codes; v_most constant int := 10;
begin
  insert into redemption_attempts as r (account_id) values (p_account)
    on conflict (account_id) do update set
      failures = case when r.since < clock_timestamp() - interval '1 hour' then 0 else r.failures end,
      since = case when r.since < clock_timestamp() - interval '1 hour' then clock_timestamp() else r.since end
    returning r.* into v_attempts;
  if v_attempts.failures >= v_most then return query select 'throttled', 0::bigint; return; end if;

  select * into v_code from redemption_codes c where c.hash = p_hash for no key update;
  if found and exists (select 1 from redemptions r where r.code_id = v_code.id and r.account_id = p_account) then
    return query select 'already', v_code.amount_nano; return;
  end if;
  if v_code.id is null or v_code.disabled_at is not null or v_code.expires_at <= clock_timestamp() or v_code.used >= v_code.uses then
    update redemption_attempts r set failures = r.failures + 1 where r.account_id = p_account;
    return query select 'refused', 0::bigint; return;
  end if;
  update redemption_codes c set used = c.used + 1 where c.id = v_code.id;
  insert into redemptions (code_id, account_id) values (v_code.id, p_account);
  perform credit_audited(p_account, v_code.amount_nano, 'promo', 'redemption_code', v_code.id || ':' || p_account,
    p_audit || jsonb_build_object('reason', 'redemption code ' || v_code.label));
  return query select 'ok', v_code.amount_nano;
end $$;
--> statement-breakpoint

-- The credit for signing up, once a person: `p_person` is a hash of his address, and the ledger takes a source once.
create function sign_up_credit(p_account uuid, p_amount bigint, p_person text) returns text
language plpgsql set search_path = public, pg_temp as $$
begin
  return credit_audited(p_account, p_amount, 'promo', 'sign_up', p_person, '{"actor": "system", "reason": "signed up"}');
exception when sqlstate 'LG409' then
  return 'already';
end $$;
