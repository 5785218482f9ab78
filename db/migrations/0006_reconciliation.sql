CREATE TABLE "ledger_checkpoints" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"sum_nano" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliation_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reconciliation_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	"upto_id" bigint DEFAULT 0 NOT NULL,
	"seen_id" bigint DEFAULT 0 NOT NULL,
	"horizon" bigint DEFAULT 0 NOT NULL,
	"audit_id" bigint DEFAULT 0 NOT NULL,
	"audit_hash" text DEFAULT '' NOT NULL,
	"differences" integer NOT NULL,
	"details" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "reconciliation_runs_kind_known" CHECK ("reconciliation_runs"."kind" in ('minute', 'full'))
);
--> statement-breakpoint
CREATE INDEX "reconciliation_runs_kind" ON "reconciliation_runs" USING btree ("kind","id");--> statement-breakpoint

-- The books, continued. As the views before: empty at every snapshot.
create view checkpoint_drift as
  select coalesce(c.account_id, l.account_id) as account_id, coalesce(c.sum_nano, 0) - coalesce(l.total, 0) as drift_nano
    from ledger_checkpoints c
    full join (select account_id, sum(amount_nano) as total from ledger
                where id <= (select upto_id from reconciliation_runs where kind = 'minute' order by id desc limit 1) group by 1) l
      on l.account_id = c.account_id
   where coalesce(c.sum_nano, 0) is distinct from coalesce(l.total, 0);
--> statement-breakpoint
-- What each UTC day's generations were charged, by the ledger and by the log.
create view usage_by_day as
  select (g.created_at at time zone 'utc')::date as day, sum(coalesce(l.total, 0)) as ledger_nano, sum(g.cost_nano) as log_nano
    from generations g
    left join (select source_id, -sum(amount_nano) as total from ledger where source = 'generation' group by 1) l on l.source_id = g.id
   group by 1;
--> statement-breakpoint
-- Accounts that owe, and whether what was taken back by refunds and disputes is the whole reason.
create view negative_accounts as
  select a.id as account_id, a.posted_nano, a.held_nano, a.floor_nano, coalesce(l.refunds_nano, 0) as refunds_nano,
         coalesce(l.disputes_nano, 0) as disputes_nano,
         a.posted_nano - a.held_nano - coalesce(l.refunds_nano, 0) - coalesce(l.disputes_nano, 0) >= a.floor_nano as explained
    from accounts a
    left join lateral (
      select sum(amount_nano) filter (where kind = 'refund') as refunds_nano,
             sum(amount_nano) filter (where kind like 'dispute%') as disputes_nano
        from ledger where account_id = a.id) l on true
   where a.posted_nano - a.held_nano < a.floor_nano;
--> statement-breakpoint
-- Where a run once saw the end of the audit log, and it is no longer so: the log was cut off, or written anew.
create view audit_cut as
  select r.id as run_id, r.audit_id from reconciliation_runs r
   where r.audit_id > 0 and not exists (select 1 from audit_log a where a.id = r.audit_id and a.hash = r.audit_hash);
--> statement-breakpoint

-- Checks the books, by whichever replica comes first, and at most every p_every. Returns null when another one is at it or has
-- just been; else {run, took_ms, differences}. An account with a difference is frozen and never mended.
--
-- It costs a pass over the accounts and the ledger's tail, however long the ledger is. Up to upto_id the rows are summed
-- in the checkpoints; the tail is added in the very statement that compares, so that it is exact at that snapshot.
-- A row may become visible after one with a higher number, if its transaction takes longer: so the checkpoints go
-- only as far as the last run saw, and only once every transaction that had begun then (before its horizon) is over.
create function reconcile(p_every interval) returns jsonb
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  v_started timestamptz := clock_timestamp(); v_last reconciliation_runs; v_upto bigint; v_seen bigint; v_horizon bigint;
  v_now_active bigint; v_run bigint; v_found jsonb; v_took int; v_audit record; item record;
begin
  if not pg_try_advisory_xact_lock(hashtext('reconcile')) then return null; end if;
  select * into v_last from reconciliation_runs where kind = 'minute' order by id desc limit 1;
  if v_last.started_at > v_started - p_every then return null; end if;
  v_upto := coalesce(v_last.upto_id, 0);

  select coalesce(max(id), 0) into v_seen from ledger;
  v_horizon := pg_current_xact_id()::text::bigint; -- only now: who drew a number up to v_seen began before
  v_now_active := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  -- A horizon from the future is one of the server that this database was restored from.
  if v_last.seen_id > v_upto and (v_now_active > v_last.horizon or v_last.horizon > v_horizon) then
    insert into ledger_checkpoints as c (account_id, sum_nano)
      select account_id, sum(amount_nano) from ledger where id > v_upto and id <= v_last.seen_id group by 1 order by 1
      on conflict (account_id) do update set sum_nano = c.sum_nano + excluded.sum_nano;
    v_upto := v_last.seen_id;
  end if;

  select coalesce(jsonb_agg(d), '[]') into v_found from (
    (select 'account_drift' as check, a.id as account_id, a.id::text as subject,
            jsonb_build_object('posted_nano', a.posted_nano::text, 'ledger_nano', (coalesce(c.sum_nano, 0) + coalesce(t.total, 0))::text,
              'held_nano', a.held_nano::text, 'open_holds_nano', coalesce(h.total, 0)::text) as figures
       from accounts a
       left join ledger_checkpoints c on c.account_id = a.id
       left join (select account_id, sum(amount_nano) as total from ledger where id > v_upto group by 1) t on t.account_id = a.id
       left join (select account_id, sum(amount_nano) as total from holds where status = 'open' group by 1) h on h.account_id = a.id
      where a.posted_nano <> coalesce(c.sum_nano, 0) + coalesce(t.total, 0) or a.held_nano <> coalesce(h.total, 0) limit 100)
    union all
    (select 'key_drift', k.account_id, d.key_id::text, jsonb_build_object('held_drift_nano', d.held_drift_nano::text)
       from key_drift d join api_keys k on k.id = d.key_id limit 100)
    union all
    (select 'usage_drift', t.account_id, t.source_id,
            jsonb_build_object('ledger_nano', s.total::text, 'log_nano', g.cost_nano::text, 'hold_nano', h.settled_nano::text)
       from (select distinct account_id, source_id from ledger where id > v_upto and source = 'generation') t
       join lateral (select -sum(amount_nano) as total from ledger l where l.source = 'generation' and l.source_id = t.source_id) s on true
       left join holds h on h.id = t.source_id
       left join lateral (select cost_nano from generations where id = t.source_id) g on true
      where s.total is distinct from g.cost_nano or (h.id is not null and s.total is distinct from h.settled_nano) limit 100)
    union all
    (select 'overdue_hold', null, id, jsonb_build_object('account_id', account_id, 'amount_nano', amount_nano::text, 'expires_at', expires_at)
       from holds where status = 'open' and expires_at < clock_timestamp() - interval '60 seconds' limit 100)
    union all
    (select 'freeze_drift', null, account_id::text, jsonb_build_object('frozen', frozen) from freeze_drift limit 100)
    union all
    (select 'audit_drift', null, a.id::text, jsonb_build_object('hash', a.hash)
       from audit_log a left join audit_log b on b.id = a.id - 1
      where a.id > greatest(coalesce(v_last.audit_id, 0) - 100, 0)
        and (a.hash <> audit_hash(a) or a.previous_hash <> coalesce(b.hash, '') or (b.id is null and a.id > 1)) limit 100)
    union all
    (select 'audit_cut', null, v_last.audit_id::text, jsonb_build_object('hash', v_last.audit_hash)
      where v_last.audit_id > 0
        and not exists (select 1 from audit_log a where a.id = v_last.audit_id and a.hash = v_last.audit_hash))
  ) d;
  if to_regclass('payment_drift') is not null then
    execute $q$ select $1 || coalesce(jsonb_agg(jsonb_build_object('check', 'payment_drift', 'account_id', d.account_id, 'subject', d.source_id,
        'figures', to_jsonb(d))), '[]') from (select * from payment_drift limit 100) d $q$ into v_found using v_found;
  end if;

  for item in
    select distinct on (d.account_id, d.check) d.* from jsonb_to_recordset(v_found) as d("check" text, account_id uuid, subject text, figures jsonb)
     where d.account_id is not null order by d.account_id, d.check
  loop
    if account_freeze(item.account_id, 'reconciliation', item.check) then
      perform audit(jsonb_build_object('actor', 'system', 'action', 'account.freeze', 'target_kind', 'account', 'target_id', item.account_id,
        'after', item.figures || jsonb_build_object('subject', item.subject), 'reason', item.check));
    end if;
  end loop;

  select id, hash into v_audit from audit_log order by id desc limit 1;
  v_took := (extract(epoch from clock_timestamp() - v_started) * 1000)::int;
  insert into reconciliation_runs (kind, started_at, took_ms, upto_id, seen_id, horizon, audit_id, audit_hash, differences, details)
    values ('minute', v_started, v_took, v_upto, v_seen, v_horizon, coalesce(v_audit.id, 0), coalesce(v_audit.hash, ''),
      jsonb_array_length(v_found), (select coalesce(jsonb_agg(e), '[]') from (select e from jsonb_array_elements(v_found) e limit 100) f))
    returning id into v_run;
  delete from reconciliation_runs where kind = 'minute' and id < v_run - 43200;
  return jsonb_build_object('run', v_run, 'took_ms', v_took, 'differences', v_found);
end $$;
