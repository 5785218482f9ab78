-- The minute's check passes over the accounts and what is new; what a key has spent against all of its log is for the whole
-- check, so it is a view of its own.
drop view key_drift;
--> statement-breakpoint
create view key_drift as
  select k.id as key_id, k.held_nano - coalesce(h.total, 0) as held_drift_nano
    from api_keys k
    left join (select h.key_id, sum(limit_part(h.amount_nano, h.with_byok_nano, own.include_byok_in_limit)) as total
                 from holds h join api_keys own on own.id = h.key_id where h.status = 'open' and h.on_key group by 1) h on h.key_id = k.id
   where k.held_nano is distinct from coalesce(h.total, 0);
--> statement-breakpoint
-- What a key with a limit has spent in its window, against its log.
create view key_spent_drift as
  select k.id as key_id, k.spent_nano - coalesce(g.total, 0) as spent_drift_nano
    from api_keys k
    left join lateral (select sum(limit_part(cost_nano, cost_nano + byok_usage_nano, k.include_byok_in_limit)) as total
                         from generations where key_id = k.id and created_at >= k.window_start) g on true
   where k.limit_nano is not null and k.spent_nano is distinct from coalesce(g.total, 0);
