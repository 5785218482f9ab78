-- BYOK: a request that is made with the caller's own key at a provider costs his account our fee alone, while the provider
-- charges him for the rest. The key's limit counts the fee, and what the provider charges too where the key says so.
--
-- So a hold has two bounds: `amount_nano`, which the account carries, and `with_byok_nano`, which the key carries in its
-- place if it counts BYOK. A hold that asks no key of the caller's has only the first, and is written as it always was.

-- What counts in a key's limit of an amount, and of the same with BYOK. Inlined into the statements below.
create function limit_part(p_amount bigint, p_with_byok bigint, p_counts_byok boolean) returns bigint language sql immutable as $$
  select case when p_counts_byok then coalesce(p_with_byok, p_amount) else p_amount end
$$;
--> statement-breakpoint

-- Its answer has a column more.
drop function holds_open(jsonb, interval);
--> statement-breakpoint

-- Opens holds, each with its own answer. An item is {id, key_id, most, least, progress}: it is granted `most`, or what
-- is left of balance and limit if that is at least `least`, or refused. `most_with_byok` and `least_with_byok` are the same
-- for the key's limit where it counts BYOK; without them, one amount is both.
--   outcome: ok · duplicate (opened before: to one who asks again after a lost connection this means ok) · no_key ·
--            frozen · insufficient · key_limit
--   room_nano: on a refusal, what could have been granted: of the limit for key_limit, of the balance otherwise.
create function holds_open(p_items jsonb, p_lifetime interval)
returns table (hold_id text, outcome text, granted_nano bigint, room_nano bigint, resets_at timestamptz, granted_with_byok_nano bigint)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_keys uuid[]; v_accounts uuid[]; v_limited boolean;
  v_account uuid; v_free bigint := 0; v_account_taken bigint := 0;
  v_key uuid; v_key_free bigint; v_key_taken bigint := 0; v_window timestamptz;
  v_now timestamptz; v_room bigint;
  v_ids text[] := '{}'; v_owners uuid[] := '{}'; v_by uuid[] := '{}'; v_grants bigint[] := '{}'; v_on_key boolean[] := '{}';
  v_with_byok bigint[] := '{}'; v_key_least bigint;
  v_progress jsonb[] := '{}';
  item record;
begin
  -- The share lock keeps a limit from being set or lifted under us; only a key with a limit is written.
  select array_agg(k.id), array_agg(k.account_id), bool_or(k.limit_nano is not null) into v_keys, v_accounts, v_limited
    from (select id, account_id, limit_nano from api_keys
           where id in (select (i ->> 'key_id')::uuid from jsonb_array_elements(p_items) i) order by id for key share) k;
  if v_limited then
    perform 1 from api_keys where id = any (v_keys) and limit_nano is not null order by id for no key update;
  end if;
  perform 1 from accounts where id = any (v_accounts) order by id for no key update;
  v_now := clock_timestamp(); -- after the locks: a window that rolled while we waited is the one that admits us

  for item in
    select i.id, i.most, i.least, i.most_with_byok, i.least_with_byok, i.progress, k.include_byok_in_limit, k.id as key_id, k.account_id, k.limit_nano, k.reset, k.window_start, k.spent_nano,
           k.held_nano as key_held, a.posted_nano, a.held_nano, a.floor_nano, a.frozen, h.amount_nano as opened_before,
           h.with_byok_nano as opened_with_byok,
           (k.id is not null and not k.disabled and k.deleted_at is null and (k.expires_at is null or k.expires_at > v_now)) as live
      from rows from (jsonb_to_recordset(p_items) as (id text, key_id uuid, most bigint, least bigint, most_with_byok bigint, least_with_byok bigint, progress jsonb))
             with ordinality as i(id, key_id, most, least, most_with_byok, least_with_byok, progress, n)
      left join api_keys k on k.id = i.key_id
      left join accounts a on a.id = k.account_id
      left join holds h on h.id = i.id
     order by k.account_id, k.id, i.n
  loop
    hold_id := item.id; granted_nano := 0; room_nano := 0; resets_at := null; granted_with_byok_nano := null;

    if item.key_id is distinct from v_key then
      if v_key_taken > 0 then update api_keys set held_nano = held_nano + v_key_taken where id = v_key; end if;
      v_key := item.key_id; v_key_taken := 0; v_key_free := null;
      if item.limit_nano is not null then
        v_window := window_start(item.reset, v_now);
        if item.window_start < v_window then
          update api_keys set spent_nano = 0, window_start = v_window where id = v_key;
          item.spent_nano := 0;
        end if;
        v_key_free := item.limit_nano - item.key_held - item.spent_nano;
      end if;
    end if;
    if item.account_id is distinct from v_account then
      if v_account_taken > 0 then update accounts set held_nano = held_nano + v_account_taken where id = v_account; end if;
      v_account := item.account_id; v_account_taken := 0;
      v_free := item.posted_nano - item.held_nano - item.floor_nano;
    end if;

    v_room := least(v_free, coalesce(v_key_free, v_free));
    v_key_least := limit_part(item.least, item.least_with_byok, item.include_byok_in_limit);
    if item.least < 0 or item.most < item.least or item.least_with_byok < item.least
        or item.most_with_byok < item.most or item.most_with_byok < item.least_with_byok then
      raise exception 'a hold wants at least 0 and at most what it asks for' using errcode = 'LG002';
    elsif item.opened_before is not null then
      outcome := 'duplicate'; granted_nano := item.opened_before; granted_with_byok_nano := item.opened_with_byok;
    elsif not coalesce(item.live, false) then
      outcome := 'no_key';
    elsif item.frozen then
      outcome := 'frozen';
    elsif item.least > v_room or v_free < 0 or v_key_least > v_key_free then
      outcome := case when v_key_free < v_key_least and (item.least <= v_free or v_key_free <= v_free) then 'key_limit' else 'insufficient' end;
      room_nano := greatest(0, case outcome when 'key_limit' then v_key_free else v_room end);
      if outcome = 'key_limit' then
        resets_at := case item.reset
          when 'daily'   then v_window + interval '1 day'
          when 'weekly'  then v_window + interval '7 days'
          when 'monthly' then ((v_window at time zone 'utc') + interval '1 month') at time zone 'utc' end;
      end if;
    else
      outcome := 'ok'; granted_nano := least(item.most, v_room);
      if item.most_with_byok is not null then -- what does not count in the limit is not bounded by it
        granted_with_byok_nano := least(item.most_with_byok, case when item.include_byok_in_limit then v_key_free end);
      end if;
      v_free := v_free - granted_nano; v_account_taken := v_account_taken + granted_nano;
      if v_key_free is not null then
        v_room := limit_part(granted_nano, granted_with_byok_nano, item.include_byok_in_limit);
        v_key_free := v_key_free - v_room; v_key_taken := v_key_taken + v_room;
      end if;
      v_ids := v_ids || item.id; v_owners := v_owners || item.account_id; v_by := v_by || item.key_id;
      v_grants := v_grants || granted_nano; v_on_key := v_on_key || (item.limit_nano is not null);
      v_with_byok := v_with_byok || granted_with_byok_nano;
      v_progress := v_progress || coalesce(item.progress, '{}');
    end if;
    return next;
  end loop;
  if v_key_taken > 0 then update api_keys set held_nano = held_nano + v_key_taken where id = v_key; end if;
  if v_account_taken > 0 then update accounts set held_nano = held_nano + v_account_taken where id = v_account; end if;

  insert into holds (id, account_id, key_id, amount_nano, with_byok_nano, on_key, progress, created_at, expires_at)
    select g.*, v_now, v_now + p_lifetime from unnest(v_ids, v_owners, v_by, v_grants, v_with_byok, v_on_key, v_progress) as g;
end $$;
--> statement-breakpoint

-- Writes the log for holds that are resolved. An item is a row of `generations` as JSON; who paid, when and how much is
-- the hold's to say. A row that an expiry has written is filled in by the settlement that comes late.
create or replace function generations_write(p_items jsonb, p_ids text[]) returns void
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, endpoint_id,
      upstream_model, streamed, outcome, finish_reason, native_finish_reason, error_type, input_tokens, cache_read_tokens,
      cache_write_tokens, cache_write_hour_tokens, audio_tokens, output_tokens, reasoning_tokens, images, usage_source,
      cost_nano, is_byok, byok_usage_nano, upstream_cost_nano, overage_nano, price_id, markup_basis_points, attempts,
      first_token_ms, total_ms, session_id, external_user, app_url, app_title)
    select h.id, h.created_at, h.account_id, h.key_id, coalesce(i.requested_model, ''), coalesce(i.model_slug, ''),
      i.provider_slug, i.endpoint_id, i.upstream_model, coalesce(i.streamed, false), coalesce(i.outcome, 'expired'),
      i.finish_reason, i.native_finish_reason, i.error_type, coalesce(i.input_tokens, 0), coalesce(i.cache_read_tokens, 0),
      coalesce(i.cache_write_tokens, 0), coalesce(i.cache_write_hour_tokens, 0), coalesce(i.audio_tokens, 0),
      coalesce(i.output_tokens, 0), coalesce(i.reasoning_tokens, 0), coalesce(i.images, 0), coalesce(i.usage_source, 'none'),
      h.settled_nano, coalesce(i.is_byok, false), coalesce(h.byok_nano, 0), coalesce(i.upstream_cost_nano, 0), greatest(0, coalesce(i.cost_nano, 0) - h.settled_nano), i.price_id,
      coalesce(i.markup_basis_points, 0), i.attempts, i.first_token_ms, i.total_ms,
      i.session_id, i.external_user, i.app_url, i.app_title
    from jsonb_populate_recordset(null::generations, p_items) i join holds h on h.id = i.id
   where i.id = any (p_ids)
  on conflict (id, created_at) do update set
      provider_slug = excluded.provider_slug, endpoint_id = excluded.endpoint_id, upstream_model = excluded.upstream_model,
      outcome = excluded.outcome, finish_reason = excluded.finish_reason, native_finish_reason = excluded.native_finish_reason,
      error_type = excluded.error_type, input_tokens = excluded.input_tokens, cache_read_tokens = excluded.cache_read_tokens,
      cache_write_tokens = excluded.cache_write_tokens, cache_write_hour_tokens = excluded.cache_write_hour_tokens,
      audio_tokens = excluded.audio_tokens, images = excluded.images, output_tokens = excluded.output_tokens, reasoning_tokens = excluded.reasoning_tokens, usage_source = excluded.usage_source,
      cost_nano = excluded.cost_nano, is_byok = excluded.is_byok, byok_usage_nano = excluded.byok_usage_nano, upstream_cost_nano = excluded.upstream_cost_nano, overage_nano = excluded.overage_nano,
      price_id = excluded.price_id, markup_basis_points = excluded.markup_basis_points, attempts = excluded.attempts, first_token_ms = excluded.first_token_ms, total_ms = excluded.total_ms;
end $$;
--> statement-breakpoint

-- Replaces holds by what their generations cost, and writes the log. An item is a row of `generations` as JSON whose
-- cost_nano is what the tokens cost the account, and byok_usage_nano what the caller's own provider charges him. Idempotent: settling again answers `already`.
-- The charge is never above the hold, nor is what counts with BYOK; and where the hold had expired, its checkpoint was charged then, and only the
-- difference is posted now, within what balance and limit still allow.
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
    select k.limit_nano - k.spent_nano - k.held_nano, k.include_byok_in_limit into v_key_free, v_counts_byok from api_keys k
      where k.id = v_late.key_id and v_late.created_at >= k.window_start;
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
    update holds h set status = case when c.cost + c.byok = 0 then 'released' else 'settled' end, settled_nano = least(c.cost, h.amount_nano),
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
--> statement-breakpoint

-- Ends holds whose time is over: each is charged its checkpoint, in the same statement that ends the reservation.
-- What the caller's own provider charged him by then stands in its progress. Returns how many. With an account, only that account's.
create or replace function holds_expire(p_most int, p_account uuid default null) returns int
language plpgsql set search_path = public, pg_temp as $$
declare v_ids text[];
begin
  select array_agg(due.id) into v_ids from (
    select h.id from holds h
     where h.status = 'open' and h.expires_at < clock_timestamp() and (p_account is null or h.account_id = p_account)
     order by h.expires_at limit p_most for update skip locked) due;
  if v_ids is null then return 0; end if;
  perform holds_lock_payers(v_ids);

  update holds set status = 'expired', settled_nano = checkpoint_nano, resolved_at = clock_timestamp(),
         byok_nano = nullif(least(greatest(0, (progress ->> 'byok_usage_nano')::bigint), coalesce(with_byok_nano, amount_nano) - checkpoint_nano), 0)
   where id = any (v_ids);
  insert into ledger (account_id, amount_nano, kind, source, source_id)
    select account_id, -checkpoint_nano, 'usage', 'generation', id from holds where id = any (v_ids) and checkpoint_nano > 0;
  update api_keys k
     set held_nano = k.held_nano - s.held, spent_nano = k.spent_nano + s.spent
    from (select h.key_id as id, sum(case when h.on_key then limit_part(h.amount_nano, h.with_byok_nano, own.include_byok_in_limit) else 0 end)::bigint as held,
                 sum(case when h.created_at >= own.window_start
                          then limit_part(h.settled_nano, h.settled_nano + coalesce(h.byok_nano, 0), own.include_byok_in_limit) else 0 end)::bigint as spent
            from holds h join api_keys own on own.id = h.key_id where h.id = any (v_ids) group by 1) s
   where k.id = s.id and (k.limit_nano is not null or s.held > 0);
  update accounts a set held_nano = a.held_nano - s.held, posted_nano = a.posted_nano - s.charge
    from (select account_id as id, sum(amount_nano)::bigint as held, sum(checkpoint_nano)::bigint as charge
            from holds where id = any (v_ids) group by 1) s
   where a.id = s.id;
  perform generations_write(
    (select jsonb_agg(coalesce(h.progress, '{}') || jsonb_build_object('id', h.id, 'outcome', 'expired')) from holds h where h.id = any (v_ids)),
    v_ids);
  return cardinality(v_ids);
end $$;
--> statement-breakpoint

drop function key_set_limit(uuid, bigint, text);
--> statement-breakpoint

-- Sets or lifts a key's limit, or its reset, or whether BYOK counts in it (null: as it is), while requests run: the open holds move onto the key or off it, and what
-- was spent since the new window began is read from the log.
create function key_set_limit(p_key uuid, p_limit bigint, p_reset text, p_counts_byok boolean default null) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare v_window timestamptz; v_counts_byok boolean;
begin
  perform 1 from holds where key_id = p_key and status = 'open' order by id for update;
  select coalesce(p_counts_byok, include_byok_in_limit) into v_counts_byok from api_keys where id = p_key for update;
  if not found then return false; end if;
  -- A hold opened while we waited for the key may be settling by now, waiting for it too: Postgres then ends one of the
  -- two with 40P01, and whoever asked asks again.
  v_window := window_start(p_reset, clock_timestamp());
  update holds set on_key = p_limit is not null where key_id = p_key and status = 'open' and on_key is distinct from (p_limit is not null);
  update api_keys set limit_nano = p_limit, reset = p_reset, window_start = v_window, include_byok_in_limit = v_counts_byok,
      updated_at = clock_timestamp(),
      held_nano = case when p_limit is null then 0 else
        (select coalesce(sum(limit_part(amount_nano, with_byok_nano, v_counts_byok)), 0) from holds where key_id = p_key and status = 'open') end,
      spent_nano = (select coalesce(sum(limit_part(cost_nano, cost_nano + byok_usage_nano, v_counts_byok)), 0) from generations where key_id = p_key and created_at >= v_window)
    where id = p_key;
  return true;
end $$;
--> statement-breakpoint

-- What a key has set aside and spent, against its open holds and its log.
create or replace view key_drift as
  select k.id as key_id, k.held_nano - coalesce(h.total, 0) as held_drift_nano,
         case when k.limit_nano is null then 0 else k.spent_nano - coalesce(g.total, 0) end as spent_drift_nano
    from api_keys k
    left join (select h.key_id, sum(limit_part(h.amount_nano, h.with_byok_nano, own.include_byok_in_limit)) as total
                 from holds h join api_keys own on own.id = h.key_id where h.status = 'open' and h.on_key group by 1) h on h.key_id = k.id
    left join lateral (select sum(limit_part(cost_nano, cost_nano + byok_usage_nano, k.include_byok_in_limit)) as total
                         from generations where key_id = k.id and k.limit_nano is not null and created_at >= k.window_start) g on true
   where k.held_nano is distinct from coalesce(h.total, 0)
      or (k.limit_nano is not null and k.spent_nano is distinct from coalesce(g.total, 0));
