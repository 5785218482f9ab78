-- Checks the books, by whichever replica comes first, and at most every p_every. Returns null when another one is at it or has
-- just been; else {run, took_ms, differences}. An account with a difference is frozen and never mended;
-- where there are more of them than one check tells, those that can still spend come first, so that the next check has the next.
--
-- It costs a pass over accounts and keys and the ledger's tail, however long the ledger is: what a key has spent would be
-- a pass over its log, and is left to the full check. Up to upto_id the rows are summed
-- in the checkpoints; the tail is added in the very statement that compares, so that it is exact at that snapshot.
-- A row may become visible after one with a higher number, if its transaction takes longer: so the checkpoints go
-- only as far as the last run saw, and only once every transaction that had begun then (before its horizon) is over.
create or replace function reconcile(p_every interval) returns jsonb
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
      where a.posted_nano <> coalesce(c.sum_nano, 0) + coalesce(t.total, 0) or a.held_nano <> coalesce(h.total, 0)
      order by a.frozen limit 100)
    union all
    (select 'key_drift', k.account_id, k.id::text,
            jsonb_build_object('held_nano', k.held_nano::text, 'open_holds_nano', coalesce(h.total, 0)::text)
       from api_keys k
       left join (select o.key_id, sum(limit_part(o.amount_nano, o.with_byok_nano, own.include_byok_in_limit)) as total
                    from holds o join api_keys own on own.id = o.key_id where o.status = 'open' and o.on_key group by 1) h on h.key_id = k.id
       join accounts a on a.id = k.account_id
      where k.held_nano <> coalesce(h.total, 0)
      order by a.frozen limit 100)
    union all
    (select 'usage_drift', t.account_id, t.source_id,
            jsonb_build_object('ledger_nano', s.total::text, 'log_nano', g.cost_nano::text, 'hold_nano', h.settled_nano::text)
       from (select distinct account_id, source_id from ledger where id > v_upto and source = 'generation') t
       join lateral (select -sum(amount_nano) as total from ledger l where l.source = 'generation' and l.source_id = t.source_id) s on true
       left join holds h on h.id = t.source_id
       left join lateral (select cost_nano from generations where id = t.source_id) g on true
       join accounts a on a.id = t.account_id
      where s.total is distinct from g.cost_nano or (h.id is not null and s.total is distinct from h.settled_nano)
      order by a.frozen limit 100)
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
        'figures', to_jsonb(d))), '[]') from (select p.* from payment_drift p left join accounts a on a.id = p.account_id order by a.frozen limit 100) d $q$ into v_found using v_found;
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
