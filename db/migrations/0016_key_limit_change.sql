drop function key_set_limit(uuid, bigint, text, boolean);
--> statement-breakpoint

-- Changes of a key's limit what is named: {limit, reset, counts_byok}, where a limit of null lifts it. The rest stays as it is
-- under the key's lock: whoever read it before would write back what another change has replaced meanwhile.
-- While requests run: the open holds move onto the key or off it, and what was spent since the new window began is read
-- from the log.
create function key_set_limit(p_key uuid, p_change jsonb) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare v_key api_keys; v_limit bigint; v_reset text; v_window timestamptz; v_counts_byok boolean;
begin
  perform 1 from holds where key_id = p_key and status = 'open' order by id for update;
  select * into v_key from api_keys where id = p_key for update;
  if not found then return false; end if;
  v_limit := case when p_change ? 'limit' then (p_change ->> 'limit')::bigint else v_key.limit_nano end;
  v_reset := coalesce(p_change ->> 'reset', v_key.reset);
  v_counts_byok := coalesce((p_change ->> 'counts_byok')::boolean, v_key.include_byok_in_limit);
  -- A hold opened while we waited for the key may be settling by now, waiting for it too: Postgres then ends one of the
  -- two with 40P01, and whoever asked asks again.
  v_window := window_start(v_reset, clock_timestamp());
  update holds set on_key = v_limit is not null where key_id = p_key and status = 'open' and on_key is distinct from (v_limit is not null);
  update api_keys set limit_nano = v_limit, reset = v_reset, window_start = v_window, include_byok_in_limit = v_counts_byok,
      updated_at = clock_timestamp(),
      held_nano = case when v_limit is null then 0 else
        (select coalesce(sum(limit_part(amount_nano, with_byok_nano, v_counts_byok)), 0) from holds where key_id = p_key and status = 'open') end,
      spent_nano = (select coalesce(sum(limit_part(cost_nano, cost_nano + byok_usage_nano, v_counts_byok)), 0) from generations where key_id = p_key and created_at >= v_window)
    where id = p_key;
  return true;
end $$;
