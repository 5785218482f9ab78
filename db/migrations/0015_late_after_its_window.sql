-- A late settlement for a window that is over takes nothing more from a key with a limit: what its expiry had given back may
-- have been spent in that window by others, and the counter that knew is gone. What it still owes is the house's.
-- And a cost and a BYOK cost that each are as much as the column holds are settled like any others: they are never added up.
create or replace function holds_settle(p_items jsonb) returns table (hold_id text, outcome text, charged_nano bigint)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_ids text[]; v_costs bigint[]; v_byoks bigint[]; v_late_ids text[] := '{}'; v_open_ids text[]; v_late record;
  v_due bigint; v_free bigint; v_key_free bigint; v_byok_due bigint; v_counts_byok boolean;
begin
  select array_agg(i.id), array_agg(i.cost_nano), array_agg(coalesce(i.byok_usage_nano, 0)) into v_ids, v_costs, v_byoks from
    (select distinct on (id) id, cost_nano, byok_usage_nano
       from jsonb_to_recordset(p_items) as i(id text, cost_nano bigint, byok_usage_nano bigint) order by id) i;
  if 0 > any (v_costs) or 0 > any (v_byoks) or array_position(v_costs, null) is not null then
    raise exception 'a cost is zero or more' using errcode = 'LG002';
  end if;
  perform 1 from holds where id = any (v_ids) order by id for update;
  perform holds_lock_payers(v_ids);

  for v_late in
    select h.*, c.cost, c.byok from unnest(v_ids, v_costs, v_byoks) as c(id, cost, byok) join holds h on h.id = c.id where h.status = 'expired'
  loop
    select a.posted_nano - a.held_nano - a.floor_nano into v_free from accounts a where a.id = v_late.account_id;
    select case when v_late.created_at >= k.window_start then k.limit_nano - k.spent_nano - k.held_nano else 0 end, k.include_byok_in_limit
      into v_key_free, v_counts_byok from api_keys k where k.id = v_late.key_id and k.limit_nano is not null;
    v_due := least(v_late.cost, v_late.amount_nano) - v_late.settled_nano;
    if v_due > 0 then v_due := greatest(0, least(v_due, v_free, coalesce(v_key_free, v_due))); end if;
    v_byok_due := least(v_late.byok, coalesce(v_late.with_byok_nano, v_late.amount_nano) - v_late.settled_nano - v_due) - coalesce(v_late.byok_nano, 0);
    if v_byok_due > 0 and v_counts_byok then v_byok_due := greatest(0, least(v_byok_due, v_key_free - v_due)); end if;
    update holds set status = 'settled', settled_nano = settled_nano + v_due, byok_nano = nullif(coalesce(byok_nano, 0) + v_byok_due, 0),
           resolved_at = clock_timestamp() where id = v_late.id;
    if v_due <> 0 or v_byok_due <> 0 then
      update api_keys set spent_nano = greatest(0, spent_nano + limit_part(v_due, v_due + v_byok_due, include_byok_in_limit))
        where id = v_late.key_id and limit_nano is not null and v_late.created_at >= window_start;
    end if;
    if v_due <> 0 then
      insert into ledger (account_id, amount_nano, kind, source, source_id)
        values (v_late.account_id, -v_due, 'usage_late', 'generation', v_late.id);
      update accounts set posted_nano = posted_nano - v_due where id = v_late.account_id;
    end if;
    v_late_ids := v_late_ids || v_late.id;
  end loop;

  with due as (
    update holds h set status = case when c.cost = 0 and c.byok = 0 then 'released' else 'settled' end, settled_nano = least(c.cost, h.amount_nano),
           byok_nano = nullif(least(c.byok, coalesce(h.with_byok_nano, h.amount_nano) - least(c.cost, h.amount_nano)), 0),
           resolved_at = clock_timestamp()
      from unnest(v_ids, v_costs, v_byoks) as c(id, cost, byok)
     where h.id = c.id and h.status = 'open'
    returning h.id, h.account_id, h.key_id, h.on_key, h.amount_nano, h.with_byok_nano, h.created_at, h.settled_nano as charge,
              h.settled_nano + coalesce(h.byok_nano, 0) as charge_with_byok
  ), booked as (
    insert into ledger (account_id, amount_nano, kind, source, source_id)
      select account_id, -charge, 'usage', 'generation', id from due where charge > 0
  ), keys as (
    update api_keys k set held_nano = k.held_nano - s.held, spent_nano = k.spent_nano + s.spent
      from (select own.id, sum(case when d.on_key then limit_part(d.amount_nano, d.with_byok_nano, own.include_byok_in_limit) else 0 end)::bigint as held,
                   sum(case when d.created_at >= own.window_start
                         then limit_part(d.charge, d.charge_with_byok, own.include_byok_in_limit) else 0 end)::bigint as spent
              from due d join api_keys own on own.id = d.key_id where own.limit_nano is not null or d.on_key group by 1) s
     where k.id = s.id
  ), paid as (
    update accounts a set held_nano = a.held_nano - s.held, posted_nano = a.posted_nano - s.charge
      from (select account_id as id, sum(amount_nano)::bigint as held, sum(charge)::bigint as charge from due group by 1) s
     where a.id = s.id
  )
  select coalesce(array_agg(id), '{}') into v_open_ids from due;
  perform generations_write(p_items, v_open_ids || v_late_ids);

  return query
    select c.id, case when h.id is null then 'missing' when c.id = any (v_open_ids) then 'ok'
                      when c.id = any (v_late_ids) then 'late' else 'already' end, coalesce(h.settled_nano, 0)
      from unnest(v_ids) as c(id) left join holds h on h.id = c.id;
end $$;
