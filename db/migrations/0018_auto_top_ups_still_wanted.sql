drop function auto_top_ups_begin(int, interval, int);
--> statement-breakpoint

-- Begins a purchase for every account whose balance is below its threshold, and hands out the purchases that nobody works
-- on: those, and any that a process left behind. The lease keeps two processes from working on one.
-- One that was left behind may by now be no longer `wanted`: its user has switched off, or the account is frozen or paused.
-- Then whoever takes it up may look whether the card was charged, and not charge it.
create function auto_top_ups_begin(p_fee_basis_points int, p_lease interval, p_most int)
returns table (run_id uuid, account_id uuid, payment_id uuid, payment_method_id text, customer_id text, amount_minor int,
               fee_minor int, attempts int, created_at timestamptz, wanted boolean)
language plpgsql set search_path = public, pg_temp as $$
#variable_conflict use_column
declare s record; v_payment uuid;
begin
  for s in
    select t.*, c.customer_id from auto_top_ups t join accounts a on a.id = t.account_id join stripe_customers c on c.account_id = t.account_id
     where t.enabled and t.paused_reason is null and a.posted_nano < t.threshold_nano and not a.frozen
       and not exists (select 1 from auto_top_up_runs r where r.account_id = t.account_id and r.status = 'open')
       and (select coalesce(sum(p.expected_amount_minor), 0) from payments p
             where p.account_id = t.account_id and p.kind = 'auto' and p.status in ('pending', 'paid')
               and p.created_at >= window_start('daily', clock_timestamp())) + t.amount_minor <= t.daily_cap_minor
     order by t.account_id limit p_most for update of t skip locked
  loop
    -- Looked at again: what was read above may be from before another process bought, and that one has let go by now.
    perform 1 from accounts a
      where a.id = s.account_id and a.posted_nano < s.threshold_nano and not a.frozen
        and not exists (select 1 from auto_top_up_runs r where r.account_id = a.id and r.status = 'open')
        and (select coalesce(sum(p.expected_amount_minor), 0) from payments p
              where p.account_id = a.id and p.kind = 'auto' and p.status in ('pending', 'paid')
                and p.created_at >= window_start('daily', clock_timestamp())) + s.amount_minor <= s.daily_cap_minor;
    continue when not found;
    insert into payments (account_id, kind, expected_amount_minor, fee_minor, customer_id)
      values (s.account_id, 'auto', s.amount_minor, ceil(s.amount_minor::numeric * p_fee_basis_points / 10000)::int, s.customer_id)
      returning id into v_payment;
    insert into auto_top_up_runs (account_id, payment_id, payment_method_id, leased_until)
      values (s.account_id, v_payment, s.payment_method_id, '-infinity');
  end loop;
  return query
    with free as (
      select r.id from auto_top_up_runs r where r.status = 'open' and r.leased_until < clock_timestamp()
       order by r.created_at limit p_most for update skip locked
    ), leased as (
      update auto_top_up_runs r set leased_until = clock_timestamp() + p_lease, attempts = r.attempts + 1
        from free where r.id = free.id returning r.*
    )
    select l.id, l.account_id, l.payment_id, l.payment_method_id, p.customer_id, p.expected_amount_minor, p.fee_minor, l.attempts, l.created_at,
           exists (select 1 from auto_top_ups t join accounts a on a.id = t.account_id
                    where t.account_id = l.account_id and t.enabled and t.paused_reason is null and not a.frozen)
      from leased l join payments p on p.id = l.payment_id;
end $$;
