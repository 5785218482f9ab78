-- Money that comes from Stripe and goes back. Each function is one call, repeatable by Stripe's own ids, and none of
-- them depends on the order in which Stripe tells: what comes before its payment waits as a row, and is booked with it.
--
-- Global lock order: event, payment intent (an advisory lock), refund or dispute, payment, account, auto top-up run, its
-- settings. No function that waits for a hold or a key is called from here.

insert into stripe_catch_up default values;
--> statement-breakpoint

-- What of a payment's credits an amount of its money stands for. The money also has the fee and the tax in it, so that
-- all of the money back is all of the credits back; a remainder of less than a nano-dollar stays with the user.
create function payment_share(p_payment payments, p_minor bigint) returns bigint
language sql immutable set search_path = public, pg_temp as $$
  select floor(p_payment.credited_nano::numeric * p_minor
    / (p_payment.expected_amount_minor + p_payment.fee_minor + p_payment.tax_minor))::bigint
$$;
--> statement-breakpoint

-- Stops buying for an account until its user looks at it.
create function auto_top_up_pause(p_account uuid, p_reason text) returns void
language sql set search_path = public, pg_temp as $$
  update auto_top_ups set paused_reason = p_reason, paused_at = clock_timestamp()
   where account_id = p_account and enabled and paused_reason is null
$$;
--> statement-breakpoint

-- Books what is known of refunds and disputes of a payment that was credited, and is not booked yet. The caller holds
-- the lock of its intent.
create function payment_claims_book(p_payment uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare v payments; v_paid bigint; v_nano bigint; v_refusal text; c record;
begin
  select * into v from payments where id = p_payment for no key update;
  if v.status is distinct from 'paid' then return; end if;
  v_paid := v.expected_amount_minor + v.fee_minor + v.tax_minor;

  for c in select * from refunds where payment_intent_id = v.payment_intent_id and refusal is null order by id loop
    v_refusal := case when c.currency <> v.currency then 'currency' when c.amount_minor not between 1 and v_paid then 'amount' end;
    if c.booked_nano = 0 and v_refusal is not null then
      update refunds set payment_id = v.id, refusal = v_refusal where id = c.id;
      continue;
    end if;
    v_nano := payment_share(v, c.amount_minor);
    if c.booked_nano = 0 and c.failed is null and v_nano > 0 then
      perform credit(v.account_id, -v_nano, 'refund', 'stripe', c.id);
      perform auto_top_up_pause(v.account_id, 'refund');
      update refunds set payment_id = v.id, booked_nano = v_nano where id = c.id;
    elsif c.booked_nano > 0 and c.failed is not null and c.reversed_nano = 0 then
      perform credit(v.account_id, c.booked_nano, 'refund_reversed', 'stripe', c.id);
      update refunds set reversed_nano = c.booked_nano where id = c.id;
    elsif c.payment_id is null then
      update refunds set payment_id = v.id where id = c.id;
    end if;
  end loop;

  for c in select * from disputes where payment_intent_id = v.payment_intent_id and refusal is null order by id loop
    v_refusal := case when c.currency <> v.currency then 'currency' when c.amount_minor not between 1 and v_paid then 'amount' end;
    if c.booked_nano = 0 and c.funds is not null and v_refusal is not null then
      update disputes set payment_id = v.id, refusal = v_refusal where id = c.id;
      -- How much is at stake is for the operator to say; that it is at stake is certain.
      if c.funds = 'withdrawn' then perform account_freeze(v.account_id, 'dispute', c.id); end if;
      continue;
    end if;
    if c.payment_id is null then update disputes set payment_id = v.id where id = c.id; end if;
    v_nano := payment_share(v, c.amount_minor);
    if c.booked_nano = 0 and c.funds is not null and v_nano > 0 then
      perform credit(v.account_id, -v_nano, 'dispute_hold', 'stripe', c.id);
      -- Once only: an operator who lifts the freeze of a lost dispute has lifted it.
      if c.funds = 'withdrawn' then perform account_freeze(v.account_id, 'dispute', c.id); end if;
      perform auto_top_up_pause(v.account_id, 'dispute');
      update disputes set booked_nano = v_nano where id = c.id;
      c.booked_nano := v_nano;
    end if;
    if c.funds = 'reinstated' and c.reinstated_nano = 0 then
      v_nano := least(c.booked_nano, payment_share(v, coalesce(c.reinstated_minor, c.amount_minor)));
      if v_nano > 0 then
        perform credit(v.account_id, v_nano, 'dispute_won', 'stripe', c.id);
        update disputes set reinstated_nano = v_nano where id = c.id;
      end if;
      perform account_unfreeze(v.account_id, 'dispute', c.id);
    end if;
  end loop;
end $$;
--> statement-breakpoint

-- Credits a payment, once, if everything that Stripe says of it is what we asked for. The facts are
--   {kind, session, reference, mode, payment_status, currency, subtotal, total, tax, customer, intent}
-- with amounts in cents, from a checkout session, or from the payment intent of an auto top-up.
--   credited · already · unpaid (a bank still works on it) · unknown (no such payment of ours) ·
--   refused: <the first field that does not fit>, which stays on the row. Nothing is credited then.
-- A payment that was given up and is paid after all is credited: the money is there.
create function payment_credit(p_payment uuid, p_facts jsonb) returns text
language plpgsql set search_path = public, pg_temp as $$
declare v payments; v_refusal text; v_nano bigint;
  v_intent text := p_facts ->> 'intent'; v_paid boolean := coalesce(p_facts ->> 'payment_status' = 'paid', false);
begin
  if v_intent is not null then perform pg_advisory_xact_lock(hashtextextended('stripe ' || v_intent, 0)); end if;
  select * into v from payments where id = p_payment and provider = 'stripe' for no key update;
  if not found then return 'unknown'; end if;
  v_refusal := case
    when p_facts ->> 'kind' is distinct from v.kind then 'kind'
    when p_facts ->> 'session' is distinct from v.checkout_session_id then 'session'
    when p_facts ->> 'reference' is distinct from v.id::text then 'reference'
    when p_facts ->> 'mode' is distinct from 'payment' then 'mode'
    when p_facts ->> 'currency' is distinct from v.currency then 'currency'
    when (p_facts ->> 'subtotal')::numeric is distinct from v.expected_amount_minor + v.fee_minor then 'amount'
    when (p_facts ->> 'total')::numeric is distinct from (p_facts ->> 'subtotal')::numeric + (p_facts ->> 'tax')::numeric then 'total'
    when v.customer_id is null or p_facts ->> 'customer' is distinct from v.customer_id then 'customer'
    when v_paid and v_intent is null then 'intent'
    when v_intent <> v.payment_intent_id then 'intent'
    when exists (select 1 from payments o where o.payment_intent_id = v_intent and o.id <> v.id) then 'intent'
  end;
  if v_refusal is not null then
    update payments set refusal = v_refusal where id = v.id and status <> 'paid';
    return 'refused: ' || v_refusal;
  end if;
  if v.status = 'paid' then return 'already'; end if;
  if not v_paid then return 'unpaid'; end if;

  v_nano := v.expected_amount_minor * 10000000::bigint;
  update payments set status = 'paid', credited_nano = v_nano, payment_intent_id = v_intent, tax_minor = (p_facts ->> 'tax')::int,
      refusal = null, resolved_at = clock_timestamp() where id = v.id;
  perform credit(v.account_id, v_nano, 'topup', 'stripe', v_intent);
  update auto_top_up_runs set status = 'succeeded', resolved_at = clock_timestamp() where payment_id = v.id and status <> 'succeeded';
  perform payment_claims_book(v.id);
  return 'credited';
end $$;
--> statement-breakpoint

-- A checkout that will not be paid: failed or expired. One that was paid stays paid.
create function payment_give_up(p_payment uuid, p_session text, p_status text) returns text
language plpgsql set search_path = public, pg_temp as $$
begin
  update payments set status = p_status, resolved_at = clock_timestamp()
   where id = p_payment and checkout_session_id = p_session and status = 'pending';
  return case when found then p_status else 'nothing to give up' end;
end $$;
--> statement-breakpoint

-- Money that goes back. The facts: {id, intent, amount, currency, status}. A refund that failed gives back what it took.
create function refund_book(p_facts jsonb) returns text
language plpgsql set search_path = public, pg_temp as $$
declare v_payment uuid; v_intent text := p_facts ->> 'intent'; v_status text := p_facts ->> 'status';
begin
  perform pg_advisory_xact_lock(hashtextextended('stripe ' || v_intent, 0));
  insert into refunds as r (id, payment_intent_id, amount_minor, currency, status, failed)
    values (p_facts ->> 'id', v_intent, (p_facts ->> 'amount')::bigint, p_facts ->> 'currency', v_status,
            case when v_status in ('failed', 'canceled') then v_status end)
  on conflict (id) do update set failed = coalesce(r.failed, excluded.failed), updated_at = clock_timestamp(),
    status = coalesce(r.failed, excluded.status);
  select id into v_payment from payments where payment_intent_id = v_intent;
  if not found then return 'waits for its payment'; end if;
  perform payment_claims_book(v_payment);
  return (select case when refusal is null then 'refund ' || status else 'refused: ' || refusal end from refunds where id = p_facts ->> 'id');
end $$;
--> statement-breakpoint

-- A contested payment. The facts: {id, intent, amount, currency, reason, status, at, funds, reinstated}, where funds is
-- `withdrawn` or `reinstated` for the events that say so. An inquiry, and the news of one, move nothing.
create function dispute_book(p_facts jsonb) returns text
language plpgsql set search_path = public, pg_temp as $$
declare v_payment uuid; v_intent text := p_facts ->> 'intent';
begin
  perform pg_advisory_xact_lock(hashtextextended('stripe ' || v_intent, 0));
  insert into disputes as d (id, payment_intent_id, amount_minor, currency, reason, status, status_at, funds, reinstated_minor)
    values (p_facts ->> 'id', v_intent, (p_facts ->> 'amount')::bigint, p_facts ->> 'currency', p_facts ->> 'reason',
            p_facts ->> 'status', to_timestamp((p_facts ->> 'at')::bigint), p_facts ->> 'funds', (p_facts ->> 'reinstated')::bigint)
  on conflict (id) do update set
    status = case when excluded.status_at > d.status_at
                    or (excluded.status_at = d.status_at and d.status not in ('won', 'lost', 'prevented', 'warning_closed'))
                  then excluded.status else d.status end,
    status_at = greatest(d.status_at, excluded.status_at),
    funds = case when d.funds = 'reinstated' then d.funds else coalesce(excluded.funds, d.funds) end,
    reinstated_minor = coalesce(d.reinstated_minor, excluded.reinstated_minor);
  select id into v_payment from payments where payment_intent_id = v_intent;
  if not found then return 'waits for its payment'; end if;
  perform payment_claims_book(v_payment);
  return (select case when refusal is null then 'dispute ' || coalesce(funds, status) else 'refused: ' || refusal end from disputes where id = p_facts ->> 'id');
end $$;
--> statement-breakpoint

-- A card that was not charged: the run ends, and nothing more is bought until the user looks at it.
create function auto_top_up_decline(p_payment uuid, p_reason text, p_error text) returns text
language plpgsql set search_path = public, pg_temp as $$
declare v payments;
begin
  select * into v from payments where id = p_payment and kind = 'auto' for no key update;
  if not found then return 'unknown'; end if;
  if v.status <> 'pending' then return 'already'; end if;
  update payments set status = 'failed', resolved_at = clock_timestamp() where id = v.id;
  update auto_top_up_runs set status = case when p_reason = 'unclear' then 'abandoned' else 'declined' end, error = p_error,
      resolved_at = clock_timestamp() where payment_id = v.id and status = 'open';
  perform auto_top_up_pause(v.account_id, p_reason);
  return 'declined';
end $$;
--> statement-breakpoint

-- Does what an event of Stripe's means and notes that it was done, or neither. An effect is {do, payment, …facts}.
create function stripe_event_apply(p_id text, p_type text, p_hash text, p_effect jsonb) returns table (outcome text, fresh boolean)
language plpgsql set search_path = public, pg_temp as $$
declare v stripe_events;
begin
  -- Most repetitions come when all is done: they need no lock.
  select * into v from stripe_events where id = p_id;
  if v.processed_at is null then
    insert into stripe_events (id, type, payload_hash) values (p_id, p_type, p_hash) on conflict do nothing;
    select * into v from stripe_events where id = p_id for update;
  end if;
  if v.processed_at is not null then
    return query select v.outcome, false;
    return;
  end if;
  outcome := case p_effect ->> 'do'
    when 'credit'  then payment_credit((p_effect ->> 'payment')::uuid, p_effect)
    when 'fail'    then payment_give_up((p_effect ->> 'payment')::uuid, p_effect ->> 'session', 'failed')
    when 'expire'  then payment_give_up((p_effect ->> 'payment')::uuid, p_effect ->> 'session', 'expired')
    when 'decline' then auto_top_up_decline((p_effect ->> 'payment')::uuid, p_effect ->> 'reason', p_effect ->> 'error')
    when 'refund'  then refund_book(p_effect)
    when 'dispute' then dispute_book(p_effect)
    when 'nothing' then 'not ours' end;
  if outcome is null then raise exception 'no such effect' using errcode = 'LG002'; end if;
  update stripe_events e set processed_at = clock_timestamp(), outcome = stripe_event_apply.outcome, error = null, attempts = e.attempts + 1
   where e.id = p_id;
  fresh := true;
  return next;
end $$;
--> statement-breakpoint

-- Keeps an event that could not be processed in sight; Stripe and the catch-up bring it again.
create function stripe_event_failed(p_id text, p_type text, p_hash text, p_error text) returns void
language sql set search_path = public, pg_temp as $$
  insert into stripe_events as e (id, type, payload_hash, error, attempts) values (p_id, p_type, p_hash, p_error, 1)
  on conflict (id) do update set error = excluded.error, attempts = e.attempts + 1 where e.processed_at is null
$$;
--> statement-breakpoint

-- Whether it is time to look for events that never came; true for one replica at most.
create function stripe_catch_up_begin(p_every interval) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
  update stripe_catch_up set started_at = clock_timestamp() where started_at < clock_timestamp() - p_every;
  return found;
end $$;
--> statement-breakpoint

-- Begins a purchase for every account whose balance is below its threshold, and hands out the purchases that nobody works
-- on: those, and any that a process left behind. The lease keeps two processes from working on one.
create function auto_top_ups_begin(p_fee_basis_points int, p_lease interval, p_most int)
returns table (run_id uuid, account_id uuid, payment_id uuid, payment_method_id text, customer_id text, amount_minor int,
               fee_minor int, attempts int, created_at timestamptz)
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
    select l.id, l.account_id, l.payment_id, l.payment_method_id, p.customer_id, p.expected_amount_minor, p.fee_minor, l.attempts, l.created_at
      from leased l join payments p on p.id = l.payment_id;
end $$;
--> statement-breakpoint

-- What payments, refunds and disputes say was booked, against the ledger; empty at every snapshot.
create view payment_drift as
  with said as (
    select 'topup' as kind, payment_intent_id as source_id, account_id, credited_nano as nano from payments where status = 'paid'
    union all
    select b.kind, r.id, p.account_id, b.nano from refunds r join payments p on p.id = r.payment_id,
      lateral (values ('refund', -r.booked_nano), ('refund_reversed', r.reversed_nano)) as b(kind, nano) where b.nano <> 0
    union all
    select b.kind, d.id, p.account_id, b.nano from disputes d join payments p on p.id = d.payment_id,
      lateral (values ('dispute_hold', -d.booked_nano), ('dispute_won', d.reinstated_nano)) as b(kind, nano) where b.nano <> 0
  )
  select coalesce(s.kind, l.kind) as kind, coalesce(s.source_id, l.source_id) as source_id,
         coalesce(s.account_id, l.account_id) as account_id, coalesce(s.nano, 0) as said_nano, coalesce(l.amount_nano, 0) as ledger_nano
    from said s full join (select * from ledger where source = 'stripe') l on l.kind = s.kind and l.source_id = s.source_id
   where s.nano is distinct from l.amount_nano or s.account_id is distinct from l.account_id;
