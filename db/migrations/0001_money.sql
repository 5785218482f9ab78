-- The money functions. Each is called as one statement, so that no transaction is ever left half open by a process
-- that dies, and a lost connection is answered by calling again with the same ids.
--
-- Global lock order: hold, then api key, then account; within each, ids ascending.
--
-- Their plans are made once a connection, often while a table is still small: without the settings on the functions that
-- look rows up by id, such a plan may read the whole table, and goes on doing so when it has ten million rows.

-- A month of the log, made ahead of its time. The default partition only catches a clock gone wrong.
create table generations_default partition of generations default;
--> statement-breakpoint
create function generations_make_partitions(p_ahead int) returns void
language plpgsql set search_path = public, pg_temp as $$
declare v_month date; v_name text;
begin
  perform pg_advisory_xact_lock(hashtext('generations_make_partitions'));
  for v_offset in 0 .. p_ahead loop
    v_month := date_trunc('month', now() at time zone 'utc')::date + make_interval(months => v_offset);
    v_name := 'generations_' || to_char(v_month, 'YYYY_MM');
    if to_regclass(v_name) is null then
      execute format('create table %I partition of generations for values from (%L) to (%L)', v_name,
        v_month::timestamp at time zone 'utc', (v_month + interval '1 month')::timestamp at time zone 'utc');
    end if;
  end loop;
end $$;
--> statement-breakpoint
select generations_make_partitions(3);
--> statement-breakpoint

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only' using errcode = 'LG001';
end $$;
--> statement-breakpoint
create trigger ledger_no_change before update or delete on ledger for each row execute function ledger_is_append_only();
--> statement-breakpoint
-- A bill names its price: what was charged with a row must still be what the row says.
create function prices_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'a price is never changed: add the new one' using errcode = 'LG003';
end $$;
--> statement-breakpoint
create trigger endpoint_prices_no_change before update on endpoint_prices for each row execute function prices_are_append_only();
--> statement-breakpoint
create trigger ledger_no_truncate before truncate on ledger for each statement execute function ledger_is_append_only();
--> statement-breakpoint

insert into catalogue_state default values;
--> statement-breakpoint
create function catalogue_changed() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  update catalogue_state set version = version + 1;
  return null;
end $$;
--> statement-breakpoint
create trigger companies_changed after insert or update or delete on companies for each statement execute function catalogue_changed();
--> statement-breakpoint
create trigger providers_changed after insert or update or delete on providers for each statement execute function catalogue_changed();
--> statement-breakpoint
create trigger models_changed after insert or update or delete on models for each statement execute function catalogue_changed();
--> statement-breakpoint
create trigger model_aliases_changed after insert or update or delete on model_aliases for each statement execute function catalogue_changed();
--> statement-breakpoint
create trigger endpoint_prices_changed after insert or update or delete on endpoint_prices for each statement execute function catalogue_changed();
--> statement-breakpoint
create trigger endpoints_changed after insert or update or delete on endpoints for each statement execute function catalogue_changed();
--> statement-breakpoint

-- When the current window of a limit began; UTC calendar days, weeks from Monday, months.
create function window_start(p_reset text, p_at timestamptz) returns timestamptz language sql immutable as $$
  select case p_reset
    when 'daily'   then date_trunc('day',   p_at at time zone 'utc') at time zone 'utc'
    when 'weekly'  then date_trunc('week',  p_at at time zone 'utc') at time zone 'utc'
    when 'monthly' then date_trunc('month', p_at at time zone 'utc') at time zone 'utc'
    else '-infinity'::timestamptz end
$$;
--> statement-breakpoint

-- Opens holds, each with its own answer. An item is {id, key_id, most, least, progress}: it is granted `most`, or what
-- is left of balance and limit if that is at least `least`, or refused.
--   outcome: ok · duplicate (opened before: to one who asks again after a lost connection this means ok) · no_key ·
--            frozen · insufficient · key_limit
--   room_nano: on a refusal, what could have been granted.
create function holds_open(p_items jsonb, p_lifetime interval)
returns table (hold_id text, outcome text, granted_nano bigint, room_nano bigint, resets_at timestamptz)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_keys uuid[]; v_accounts uuid[]; v_limited boolean;
  v_account uuid; v_free bigint := 0; v_account_taken bigint := 0;
  v_key uuid; v_key_free bigint; v_key_taken bigint := 0; v_window timestamptz;
  v_now timestamptz; v_room bigint;
  v_ids text[] := '{}'; v_owners uuid[] := '{}'; v_by uuid[] := '{}'; v_grants bigint[] := '{}'; v_on_key boolean[] := '{}';
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
    select i.id, i.most, i.least, i.progress, k.id as key_id, k.account_id, k.limit_nano, k.reset, k.window_start, k.spent_nano,
           k.held_nano as key_held, a.posted_nano, a.held_nano, a.floor_nano, a.frozen, h.amount_nano as opened_before,
           (k.id is not null and not k.disabled and k.deleted_at is null and (k.expires_at is null or k.expires_at > v_now)) as live
      from rows from (jsonb_to_recordset(p_items) as (id text, key_id uuid, most bigint, least bigint, progress jsonb))
             with ordinality as i(id, key_id, most, least, progress, n)
      left join api_keys k on k.id = i.key_id
      left join accounts a on a.id = k.account_id
      left join holds h on h.id = i.id
     order by k.account_id, k.id, i.n
  loop
    hold_id := item.id; granted_nano := 0; room_nano := 0; resets_at := null;

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
    if item.least < 0 or item.most < item.least then
      raise exception 'a hold wants at least 0 and at most what it asks for' using errcode = 'LG002';
    elsif item.opened_before is not null then
      outcome := 'duplicate'; granted_nano := item.opened_before;
    elsif not coalesce(item.live, false) then
      outcome := 'no_key';
    elsif item.frozen then
      outcome := 'frozen';
    elsif item.least > v_room or v_free < 0 then
      outcome := case when v_key_free < item.least and v_key_free <= v_free then 'key_limit' else 'insufficient' end;
      room_nano := greatest(0, v_room);
      if outcome = 'key_limit' then
        resets_at := case item.reset
          when 'daily'   then v_window + interval '1 day'
          when 'weekly'  then v_window + interval '7 days'
          when 'monthly' then ((v_window at time zone 'utc') + interval '1 month') at time zone 'utc' end;
      end if;
    else
      outcome := 'ok'; granted_nano := least(item.most, v_room);
      v_free := v_free - granted_nano; v_account_taken := v_account_taken + granted_nano;
      if v_key_free is not null then
        v_key_free := v_key_free - granted_nano; v_key_taken := v_key_taken + granted_nano;
      end if;
      v_ids := v_ids || item.id; v_owners := v_owners || item.account_id; v_by := v_by || item.key_id;
      v_grants := v_grants || granted_nano; v_on_key := v_on_key || (item.limit_nano is not null);
      v_progress := v_progress || coalesce(item.progress, '{}');
    end if;
    return next;
  end loop;
  if v_key_taken > 0 then update api_keys set held_nano = held_nano + v_key_taken where id = v_key; end if;
  if v_account_taken > 0 then update accounts set held_nano = held_nano + v_account_taken where id = v_account; end if;

  insert into holds (id, account_id, key_id, amount_nano, on_key, progress, created_at, expires_at)
    select g.*, v_now, v_now + p_lifetime from unnest(v_ids, v_owners, v_by, v_grants, v_on_key, v_progress) as g;
end $$;
--> statement-breakpoint

-- The heartbeat of running requests. An item is {id, checkpoint, progress}. Returns the ids of holds that are no longer
-- open: what still runs there is on the house until it settles. A hold lives an hour at most.
create function holds_beat(p_items jsonb, p_lifetime interval) returns setof text
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform 1 from holds where id in (select i ->> 'id' from jsonb_array_elements(p_items) i) order by id for update;
  update holds h
     set checkpoint_nano = least(greatest(h.checkpoint_nano, i.checkpoint), h.amount_nano),
         progress = coalesce(i.progress, h.progress),
         expires_at = least(clock_timestamp() + p_lifetime, h.created_at + interval '60 minutes')
    from jsonb_to_recordset(p_items) as i(id text, checkpoint bigint, progress jsonb)
   where h.id = i.id and h.status = 'open';
  return query
    select i ->> 'id' from jsonb_array_elements(p_items) i
     where not exists (select 1 from holds h where h.id = i ->> 'id' and h.status = 'open');
end $$;
--> statement-breakpoint

-- Locks what a settlement or an expiry of these holds writes, in the global order. The holds come first.
create function holds_lock_payers(p_ids text[]) returns void
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform 1 from api_keys k
    where k.id in (select h.key_id from holds h where h.id = any (p_ids))
      and (k.limit_nano is not null or exists (select 1 from holds h where h.id = any (p_ids) and h.key_id = k.id and h.on_key))
    order by k.id for no key update;
  perform 1 from accounts a where a.id in (select h.account_id from holds h where h.id = any (p_ids)) order by a.id for no key update;
end $$;
--> statement-breakpoint

-- Writes the log for holds that are resolved. An item is a row of `generations` as JSON; who paid, when and how much is
-- the hold's to say. A row that an expiry has written is filled in by the settlement that comes late.
create function generations_write(p_items jsonb, p_ids text[]) returns void
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, endpoint_id,
      upstream_model, streamed, outcome, finish_reason, native_finish_reason, error_type, input_tokens, cache_read_tokens,
      cache_write_tokens, cache_write_hour_tokens, audio_tokens, output_tokens, reasoning_tokens, images, usage_source,
      cost_nano, upstream_cost_nano, overage_nano, price_id, markup_basis_points, attempts, first_token_ms, total_ms, session_id, external_user, app_url, app_title)
    select h.id, h.created_at, h.account_id, h.key_id, coalesce(i.requested_model, ''), coalesce(i.model_slug, ''),
      i.provider_slug, i.endpoint_id, i.upstream_model, coalesce(i.streamed, false), coalesce(i.outcome, 'expired'),
      i.finish_reason, i.native_finish_reason, i.error_type, coalesce(i.input_tokens, 0), coalesce(i.cache_read_tokens, 0),
      coalesce(i.cache_write_tokens, 0), coalesce(i.cache_write_hour_tokens, 0), coalesce(i.audio_tokens, 0),
      coalesce(i.output_tokens, 0), coalesce(i.reasoning_tokens, 0), coalesce(i.images, 0), coalesce(i.usage_source, 'none'),
      h.settled_nano, coalesce(i.upstream_cost_nano, 0), greatest(0, coalesce(i.cost_nano, 0) - h.settled_nano), i.price_id,
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
      cost_nano = excluded.cost_nano, upstream_cost_nano = excluded.upstream_cost_nano, overage_nano = excluded.overage_nano,
      price_id = excluded.price_id, markup_basis_points = excluded.markup_basis_points, attempts = excluded.attempts, first_token_ms = excluded.first_token_ms, total_ms = excluded.total_ms;
end $$;
--> statement-breakpoint

-- Replaces holds by what their generations cost, and writes the log. An item is a row of `generations` as JSON whose
-- cost_nano is what the tokens cost. Idempotent: settling again answers `already`.
-- The charge is never above the hold; and where the hold had expired, its checkpoint was charged then, and only the
-- difference is posted now, within what balance and limit still allow.
create function holds_settle(p_items jsonb) returns table (hold_id text, outcome text, charged_nano bigint)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare v_ids text[]; v_costs bigint[]; v_late_ids text[] := '{}'; v_open_ids text[]; v_late record; v_due bigint; v_free bigint; v_key_free bigint;
begin
  select array_agg(i.id), array_agg(i.cost_nano) into v_ids, v_costs from
    (select distinct on (id) id, cost_nano from jsonb_to_recordset(p_items) as i(id text, cost_nano bigint) order by id) i;
  if 0 > any (v_costs) or array_position(v_costs, null) is not null then
    raise exception 'a cost is zero or more' using errcode = 'LG002';
  end if;
  perform 1 from holds where id = any (v_ids) order by id for update;
  perform holds_lock_payers(v_ids);

  for v_late in
    select h.*, c.cost from unnest(v_ids, v_costs) as c(id, cost) join holds h on h.id = c.id where h.status = 'expired'
  loop
    select a.posted_nano - a.held_nano - a.floor_nano into v_free from accounts a where a.id = v_late.account_id;
    select k.limit_nano - k.spent_nano - k.held_nano into v_key_free from api_keys k
      where k.id = v_late.key_id and v_late.created_at >= k.window_start;
    v_due := least(v_late.cost, v_late.amount_nano) - v_late.settled_nano;
    if v_due > 0 then v_due := greatest(0, least(v_due, v_free, coalesce(v_key_free, v_due))); end if;
    update holds set status = 'settled', settled_nano = settled_nano + v_due, resolved_at = clock_timestamp() where id = v_late.id;
    if v_due <> 0 then
      insert into ledger (account_id, amount_nano, kind, source, source_id)
        values (v_late.account_id, -v_due, 'usage_late', 'generation', v_late.id);
      update api_keys set spent_nano = greatest(0, spent_nano + v_due)
        where id = v_late.key_id and limit_nano is not null and v_late.created_at >= window_start;
      update accounts set posted_nano = posted_nano - v_due where id = v_late.account_id;
    end if;
    v_late_ids := v_late_ids || v_late.id;
  end loop;

  with due as (
    update holds h set status = case when c.cost = 0 then 'released' else 'settled' end,
           settled_nano = least(c.cost, h.amount_nano), resolved_at = clock_timestamp()
      from unnest(v_ids, v_costs) as c(id, cost)
     where h.id = c.id and h.status = 'open'
    returning h.id, h.account_id, h.key_id, h.on_key, h.amount_nano, h.created_at, h.settled_nano as charge
  ), booked as (
    insert into ledger (account_id, amount_nano, kind, source, source_id)
      select account_id, -charge, 'usage', 'generation', id from due where charge > 0
  ), keys as (
    update api_keys k set held_nano = k.held_nano - s.held, spent_nano = k.spent_nano + s.spent
      from (select own.id, sum(case when d.on_key then d.amount_nano else 0 end)::bigint as held,
                   sum(case when d.created_at >= own.window_start then d.charge else 0 end)::bigint as spent
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
-- Returns how many. With an account, only that account's.
create function holds_expire(p_most int, p_account uuid default null) returns int
language plpgsql set search_path = public, pg_temp as $$
declare v_ids text[];
begin
  select array_agg(due.id) into v_ids from (
    select h.id from holds h
     where h.status = 'open' and h.expires_at < clock_timestamp() and (p_account is null or h.account_id = p_account)
     order by h.expires_at limit p_most for update skip locked) due;
  if v_ids is null then return 0; end if;
  perform holds_lock_payers(v_ids);

  insert into ledger (account_id, amount_nano, kind, source, source_id)
    select account_id, -checkpoint_nano, 'usage', 'generation', id from holds where id = any (v_ids) and checkpoint_nano > 0;
  update api_keys k
     set held_nano = k.held_nano - s.held, spent_nano = k.spent_nano + s.spent
    from (select h.key_id as id, sum(case when h.on_key then h.amount_nano else 0 end)::bigint as held,
                 sum(case when h.created_at >= own.window_start then h.checkpoint_nano else 0 end)::bigint as spent
            from holds h join api_keys own on own.id = h.key_id where h.id = any (v_ids) group by 1) s
   where k.id = s.id and (k.limit_nano is not null or s.held > 0);
  update accounts a set held_nano = a.held_nano - s.held, posted_nano = a.posted_nano - s.charge
    from (select account_id as id, sum(amount_nano)::bigint as held, sum(checkpoint_nano)::bigint as charge
            from holds where id = any (v_ids) group by 1) s
   where a.id = s.id;
  update holds set status = 'expired', settled_nano = checkpoint_nano, resolved_at = clock_timestamp() where id = any (v_ids);
  perform generations_write(
    (select jsonb_agg(coalesce(h.progress, '{}') || jsonb_build_object('id', h.id, 'outcome', 'expired')) from holds h where h.id = any (v_ids)),
    v_ids);
  return cardinality(v_ids);
end $$;
--> statement-breakpoint

-- Sets or lifts a key's limit, or its reset, while requests run: the open holds move onto the key or off it, and what
-- was spent since the new window began is read from the log.
create function key_set_limit(p_key uuid, p_limit bigint, p_reset text) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare v_window timestamptz;
begin
  perform 1 from holds where key_id = p_key and status = 'open' order by id for update;
  perform 1 from api_keys where id = p_key for update;
  if not found then return false; end if;
  -- A hold opened while we waited for the key may be settling by now, waiting for it too: Postgres then ends one of the
  -- two with 40P01, and whoever asked asks again.
  v_window := window_start(p_reset, clock_timestamp());
  update holds set on_key = p_limit is not null where key_id = p_key and status = 'open' and on_key is distinct from (p_limit is not null);
  update api_keys set limit_nano = p_limit, reset = p_reset, window_start = v_window, updated_at = clock_timestamp(),
      held_nano = case when p_limit is null then 0 else
        (select coalesce(sum(amount_nano), 0) from holds where key_id = p_key and status = 'open') end,
      spent_nano = (select coalesce(sum(cost_nano), 0) from generations where key_id = p_key and created_at >= v_window)
    where id = p_key;
  return true;
end $$;
--> statement-breakpoint

-- Books money that comes in, or goes back. The same source twice is booked once; with another amount or account it is an error.
create function credit(p_account uuid, p_amount bigint, p_kind text, p_source text, p_source_id text) returns text
language plpgsql set search_path = public, pg_temp as $$
declare v_rows int;
begin
  perform 1 from accounts where id = p_account for no key update;
  if not found then raise exception 'no such account' using errcode = 'LG404'; end if;
  insert into ledger (account_id, amount_nano, kind, source, source_id)
    values (p_account, p_amount, p_kind, p_source, p_source_id) on conflict do nothing;
  get diagnostics v_rows = row_count;
  if v_rows = 0 then
    if not exists (select 1 from ledger where source = p_source and source_id = p_source_id and kind = p_kind
                      and account_id = p_account and amount_nano = p_amount) then
      raise exception 'this source is booked already, for another account or amount' using errcode = 'LG409';
    end if;
    return 'already';
  end if;
  update accounts set posted_nano = posted_nano + p_amount where id = p_account;
  return 'ok';
end $$;
--> statement-breakpoint

-- The books. Each view is empty at every snapshot, under load too: one statement is one snapshot, and what belongs
-- together is written together.
create view account_drift as
  select a.id as account_id, a.posted_nano - coalesce(l.total, 0) as posted_drift_nano, a.held_nano - coalesce(h.total, 0) as held_drift_nano
    from accounts a
    left join (select account_id, sum(amount_nano) as total from ledger group by 1) l on l.account_id = a.id
    left join (select account_id, sum(amount_nano) as total from holds where status = 'open' group by 1) h on h.account_id = a.id
   where a.posted_nano is distinct from coalesce(l.total, 0) or a.held_nano is distinct from coalesce(h.total, 0);
--> statement-breakpoint
create view key_drift as
  select k.id as key_id, k.held_nano - coalesce(h.total, 0) as held_drift_nano
    from api_keys k
    left join (select key_id, sum(amount_nano) as total from holds where status = 'open' and on_key group by 1) h on h.key_id = k.id
   where k.held_nano is distinct from coalesce(h.total, 0);
--> statement-breakpoint
-- What the ledger took for a generation, what its hold says and what its log says: one number.
create view usage_drift as
  select coalesce(l.source_id, g.id) as generation_id, coalesce(l.total, 0) as ledger_nano, coalesce(g.cost_nano, 0) as log_nano, h.settled_nano as hold_nano
    from (select source_id, -sum(amount_nano) as total from ledger where source = 'generation' group by 1) l
    full join generations g on g.id = l.source_id
    left join holds h on h.id = coalesce(l.source_id, g.id)
   where coalesce(l.total, 0) is distinct from coalesce(g.cost_nano, 0)
      or (h.id is not null and coalesce(h.settled_nano, 0) is distinct from coalesce(g.cost_nano, 0));
