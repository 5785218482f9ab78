-- A settlement, or the late one of a hold that has expired, must not pass a limit that is being set on a key without one:
-- it saw no limit to count in, and the limit's first sum saw no settlement. The share lock makes one wait for the other.
create or replace function holds_lock_payers(p_ids text[]) returns void
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform 1 from api_keys k where k.id in (select h.key_id from holds h where h.id = any (p_ids)) order by k.id for key share;
  perform 1 from api_keys k
    where k.id in (select h.key_id from holds h where h.id = any (p_ids))
      and (k.limit_nano is not null or exists (select 1 from holds h where h.id = any (p_ids) and h.key_id = k.id and h.on_key))
    order by k.id for no key update;
  perform 1 from accounts a where a.id in (select h.account_id from holds h where h.id = any (p_ids)) order by a.id for no key update;
end $$;
