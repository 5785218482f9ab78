CREATE TABLE "guardrail_keys" (
	"key_id" uuid PRIMARY KEY NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"guardrail_id" uuid NOT NULL,
	"limit_nano" bigint,
	"reset" text DEFAULT 'none' NOT NULL,
	"counts_byok" boolean DEFAULT false NOT NULL,
	"window_start" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"spent_nano" bigint DEFAULT 0 NOT NULL,
	"held_nano" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "guardrail_keys_held_not_negative" CHECK ("guardrail_keys"."held_nano" >= 0)
);
--> statement-breakpoint
CREATE TABLE "guardrails" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"limit_nano" bigint,
	"reset" text DEFAULT 'none' NOT NULL,
	"counts_byok" boolean DEFAULT false NOT NULL,
	"rules" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone,
	CONSTRAINT "guardrails_limit_not_negative" CHECK ("guardrails"."limit_nano" >= 0)
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "budgeted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "on_budget" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "guardrail_keys" ADD CONSTRAINT "guardrail_keys_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardrail_keys" ADD CONSTRAINT "guardrail_keys_guardrail_id_guardrails_id_fk" FOREIGN KEY ("guardrail_id") REFERENCES "public"."guardrails"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardrails" ADD CONSTRAINT "guardrails_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "guardrail_keys_guardrail" ON "guardrail_keys" USING btree ("guardrail_id","created_at");--> statement-breakpoint
CREATE INDEX "guardrails_account" ON "guardrails" USING btree ("account_id","created_at");
--> statement-breakpoint

-- A guardrail's budget is a further limit of each key that has the guardrail: a row beside the key's own, held and spent in the
-- same statements. `api_keys.budgeted` says that there is one, so that a key without pays nothing for it. Who writes it has its
-- account's lock, and shares the key's, which whoever sets a budget has alone: there is no lock more than before.

-- When a window ends that began then; null for one that never does.
create function window_end(p_reset text, p_start timestamptz) returns timestamptz language sql immutable as $$
  select case p_reset
    when 'daily'   then p_start + interval '1 day'
    when 'weekly'  then p_start + interval '7 days'
    when 'monthly' then ((p_start at time zone 'utc') + interval '1 month') at time zone 'utc' end
$$;
--> statement-breakpoint

-- Opens holds, each with its own answer. An item is {id, key_id, most, least, progress}: it is granted `most`, or what
-- is left of balance and limit if that is at least `least`, or refused. `most_with_byok` and `least_with_byok` are the same
-- for the key's limit where it counts BYOK; without them, one amount is both.
--   outcome: ok · duplicate (opened before: to one who asks again after a lost connection this means ok) · no_key ·
--            frozen · insufficient · key_limit · budget (its guardrail's) · busy (the key is being changed: ask again)
--   room_nano: on a refusal, what could have been granted: of the limit for key_limit, of the budget for budget, of the
--   balance otherwise.
create or replace function holds_open(p_items jsonb, p_lifetime interval)
returns table (hold_id text, outcome text, granted_nano bigint, room_nano bigint, resets_at timestamptz, granted_with_byok_nano bigint)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_keys uuid[]; v_accounts uuid[]; v_limited boolean;
  v_account uuid; v_free bigint := 0; v_account_taken bigint := 0;
  v_key uuid; v_key_free bigint; v_key_taken bigint := 0; v_window timestamptz;
  v_budget guardrail_keys; v_budget_free bigint; v_budget_taken bigint := 0; v_budget_least bigint; v_on_budget boolean[] := '{}';
  v_now timestamptz; v_room bigint;
  v_ids text[] := '{}'; v_owners uuid[] := '{}'; v_by uuid[] := '{}'; v_grants bigint[] := '{}'; v_on_key boolean[] := '{}';
  v_with_byok bigint[] := '{}'; v_key_least bigint;
  v_progress jsonb[] := '{}';
  item record;
begin
  -- The share lock keeps a limit from being set or lifted under us, and is not waited for; only a key with a limit is written.
  select coalesce(array_agg(k.id), '{}'), array_agg(k.account_id), bool_or(k.limit_nano is not null) into v_keys, v_accounts, v_limited
    from (select id, account_id, limit_nano from api_keys
           where id in (select (i ->> 'key_id')::uuid from jsonb_array_elements(p_items) i) order by id for key share skip locked) k;
  if v_limited then
    perform 1 from api_keys where id = any (v_keys) and limit_nano is not null order by id for no key update;
  end if;
  perform 1 from accounts where id = any (v_accounts) order by id for no key update;
  v_now := clock_timestamp(); -- after the locks: a window that rolled while we waited is the one that admits us

  for item in
    select i.id, i.most, i.least, i.most_with_byok, i.least_with_byok, i.progress, k.include_byok_in_limit, k.id as key_id, k.account_id, k.limit_nano, k.budgeted, k.reset, k.window_start, k.spent_nano,
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
    if item.key_id <> all (v_keys) then
      outcome := 'busy'; return next; continue;
    end if;

    if item.key_id is distinct from v_key then
      if v_key_taken > 0 then update api_keys set held_nano = held_nano + v_key_taken where id = v_key; end if;
      if v_budget_taken > 0 then update guardrail_keys set held_nano = held_nano + v_budget_taken where key_id = v_key; end if;
      v_key := item.key_id; v_key_taken := 0; v_key_free := null; v_budget := null; v_budget_free := null; v_budget_taken := 0;
      if item.budgeted then
        select * into v_budget from guardrail_keys b where b.key_id = v_key;
        if v_budget.window_start < window_start(v_budget.reset, v_now) then
          v_budget.window_start := window_start(v_budget.reset, v_now); v_budget.spent_nano := 0;
          update guardrail_keys b set spent_nano = 0, window_start = v_budget.window_start where b.key_id = v_key;
        end if;
        v_budget_free := v_budget.limit_nano - v_budget.held_nano - v_budget.spent_nano;
      end if;
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

    v_room := least(v_free, v_key_free, v_budget_free); -- what is null bounds nothing
    v_budget_least := limit_part(item.least, item.least_with_byok, v_budget.counts_byok);
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
    elsif item.least > v_room or v_free < 0 or v_key_least > v_key_free or v_budget_least > v_budget_free then
      outcome := case when v_budget_free < v_budget_least and (item.least <= v_free or v_budget_free <= v_free)
                        and (v_key_free is null or v_key_least <= v_key_free or v_budget_free <= v_key_free) then 'budget'
                      when v_key_free < v_key_least and (item.least <= v_free or v_key_free <= v_free) then 'key_limit' else 'insufficient' end;
      room_nano := greatest(0, case outcome when 'key_limit' then v_key_free when 'budget' then v_budget_free else v_room end);
      resets_at := case outcome when 'key_limit' then window_end(item.reset, v_window)
                                when 'budget' then window_end(v_budget.reset, v_budget.window_start) end;
    else
      outcome := 'ok'; granted_nano := least(item.most, v_room);
      if item.most_with_byok is not null then -- what does not count in the limit is not bounded by it
        granted_with_byok_nano := least(item.most_with_byok,
          case when item.include_byok_in_limit then v_key_free end, case when v_budget.counts_byok then v_budget_free end);
      end if;
      v_free := v_free - granted_nano; v_account_taken := v_account_taken + granted_nano;
      if v_key_free is not null then
        v_room := limit_part(granted_nano, granted_with_byok_nano, item.include_byok_in_limit);
        v_key_free := v_key_free - v_room; v_key_taken := v_key_taken + v_room;
      end if;
      if v_budget_free is not null then
        v_room := limit_part(granted_nano, granted_with_byok_nano, v_budget.counts_byok);
        v_budget_free := v_budget_free - v_room; v_budget_taken := v_budget_taken + v_room;
      end if;
      v_ids := v_ids || item.id; v_owners := v_owners || item.account_id; v_by := v_by || item.key_id;
      v_grants := v_grants || granted_nano; v_on_key := v_on_key || (item.limit_nano is not null);
      v_on_budget := v_on_budget || (v_budget_free is not null);
      v_with_byok := v_with_byok || granted_with_byok_nano;
      v_progress := v_progress || coalesce(item.progress, '{}');
    end if;
    return next;
  end loop;
  if v_key_taken > 0 then update api_keys set held_nano = held_nano + v_key_taken where id = v_key; end if;
  if v_budget_taken > 0 then update guardrail_keys set held_nano = held_nano + v_budget_taken where key_id = v_key; end if;
  if v_account_taken > 0 then update accounts set held_nano = held_nano + v_account_taken where id = v_account; end if;

  insert into holds (id, account_id, key_id, amount_nano, with_byok_nano, on_key, on_budget, progress, created_at, expires_at)
    select g.*, v_now, v_now + p_lifetime from unnest(v_ids, v_owners, v_by, v_grants, v_with_byok, v_on_key, v_on_budget, v_progress) as g;
end $$;
--> statement-breakpoint

-- Replaces holds by what their generations cost, and writes the log. An item is a row of `generations` as JSON whose
-- cost_nano is what the tokens cost the account, and byok_usage_nano what the caller's own provider charges him. Idempotent:
-- settling again answers `already`. Answers `busy` where somebody else is at the hold, or its key's limit is being set: then
-- nothing was done, and it is to be sent again.
-- The charge is never above the hold, nor is what counts with BYOK; and where the hold had expired, its checkpoint was charged
-- then, and only the difference is posted now, within what balance and limit still allow, and on a key with a limit or a budget within its
-- window.
create or replace function holds_settle(p_items jsonb) returns table (hold_id text, outcome text, charged_nano bigint)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_ids text[]; v_ours text[]; v_costs bigint[]; v_byoks bigint[]; v_late_ids text[] := '{}'; v_open_ids text[]; v_late record;
  v_due bigint; v_free bigint; v_key_free bigint; v_byok_due bigint; v_counts_byok boolean;
  v_budget_free bigint; v_budget_counts_byok boolean;
begin
  select array_agg(i.id), array_agg(i.cost_nano), array_agg(coalesce(i.byok_usage_nano, 0)) into v_ids, v_costs, v_byoks from
    (select distinct on (id) id, cost_nano, byok_usage_nano
       from jsonb_to_recordset(p_items) as i(id text, cost_nano bigint, byok_usage_nano bigint) order by id) i;
  if 0 > any (v_costs) or 0 > any (v_byoks) or array_position(v_costs, null) is not null then
    raise exception 'a cost is zero or more' using errcode = 'LG002';
  end if;
  v_ours := holds_lock_payers(array(select id from holds where id = any (v_ids) order by id for update skip locked));

  for v_late in
    select h.*, c.cost, c.byok from unnest(v_ids, v_costs, v_byoks) as c(id, cost, byok) join holds h on h.id = c.id
     where h.id = any (v_ours) and h.status = 'expired'
  loop
    select a.posted_nano - a.held_nano - a.floor_nano into v_free from accounts a where a.id = v_late.account_id;
    select case when v_late.created_at >= k.window_start then k.limit_nano - k.spent_nano - k.held_nano else 0 end, k.include_byok_in_limit
      into v_key_free, v_counts_byok from api_keys k where k.id = v_late.key_id and k.limit_nano is not null;
    select case when v_late.created_at >= b.window_start then b.limit_nano - b.spent_nano - b.held_nano else 0 end, b.counts_byok
      into v_budget_free, v_budget_counts_byok from guardrail_keys b where b.key_id = v_late.key_id and b.limit_nano is not null;
    v_due := least(v_late.cost, v_late.amount_nano) - v_late.settled_nano;
    if v_due > 0 then v_due := greatest(0, least(v_due, v_free, v_key_free, v_budget_free)); end if;
    v_byok_due := least(v_late.byok, coalesce(v_late.with_byok_nano, v_late.amount_nano) - v_late.settled_nano - v_due) - coalesce(v_late.byok_nano, 0);
    if v_byok_due > 0 and v_counts_byok then v_byok_due := greatest(0, least(v_byok_due, v_key_free - v_due)); end if;
    if v_byok_due > 0 and v_budget_counts_byok then v_byok_due := greatest(0, least(v_byok_due, v_budget_free - v_due)); end if;
    update holds set status = 'settled', settled_nano = settled_nano + v_due, byok_nano = nullif(coalesce(byok_nano, 0) + v_byok_due, 0),
           resolved_at = clock_timestamp() where id = v_late.id;
    if v_due <> 0 or v_byok_due <> 0 then
      update api_keys set spent_nano = greatest(0, spent_nano + limit_part(v_due, v_due + v_byok_due, include_byok_in_limit))
        where id = v_late.key_id and limit_nano is not null and v_late.created_at >= window_start;
      update guardrail_keys set spent_nano = greatest(0, spent_nano + limit_part(v_due, v_due + v_byok_due, counts_byok))
        where key_id = v_late.key_id and limit_nano is not null and v_late.created_at >= window_start;
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
     where h.id = c.id and h.id = any (v_ours) and h.status = 'open'
    returning h.id, h.account_id, h.key_id, h.on_key, h.on_budget, h.amount_nano, h.with_byok_nano, h.created_at, h.settled_nano as charge,
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
  ), budgets as (
    update guardrail_keys b set held_nano = b.held_nano - s.held, spent_nano = b.spent_nano + s.spent
      from (select own.key_id, sum(limit_part(d.amount_nano, d.with_byok_nano, own.counts_byok))::bigint as held,
                   sum(case when d.created_at >= own.window_start
                         then limit_part(d.charge, d.charge_with_byok, own.counts_byok) else 0 end)::bigint as spent
              from due d join guardrail_keys own on own.key_id = d.key_id where d.on_budget group by 1) s
     where b.key_id = s.key_id
  ), paid as (
    update accounts a set held_nano = a.held_nano - s.held, posted_nano = a.posted_nano - s.charge
      from (select account_id as id, sum(amount_nano)::bigint as held, sum(charge)::bigint as charge from due group by 1) s
     where a.id = s.id
  )
  select coalesce(array_agg(id), '{}') into v_open_ids from due;
  perform generations_write(p_items, v_open_ids || v_late_ids);

  return query
    select c.id, case when h.id is null then 'missing' when c.id <> all (v_ours) then 'busy' when c.id = any (v_open_ids) then 'ok'
                      when c.id = any (v_late_ids) then 'late' else 'already' end, coalesce(h.settled_nano, 0)
      from unnest(v_ids) as c(id) left join holds h on h.id = c.id;
end $$;
--> statement-breakpoint

-- Ends holds whose time is over: each is charged its checkpoint, in the same statement that ends the reservation.
-- Returns how many. With an account, only that account's.
create or replace function holds_expire(p_most int, p_account uuid default null) returns int
language plpgsql set search_path = public, pg_temp as $$
declare v_ids text[];
begin
  v_ids := holds_lock_payers(array(
    select h.id from holds h
     where h.status = 'open' and h.expires_at < clock_timestamp() and (p_account is null or h.account_id = p_account)
     order by h.expires_at limit p_most for update skip locked));
  if v_ids = '{}' then return 0; end if;

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
  update guardrail_keys b
     set held_nano = b.held_nano - s.held, spent_nano = b.spent_nano + s.spent
    from (select h.key_id, sum(limit_part(h.amount_nano, h.with_byok_nano, own.counts_byok))::bigint as held,
                 sum(case when h.created_at >= own.window_start
                          then limit_part(h.settled_nano, h.settled_nano + coalesce(h.byok_nano, 0), own.counts_byok) else 0 end)::bigint as spent
            from holds h join guardrail_keys own on own.key_id = h.key_id where h.id = any (v_ids) and h.on_budget group by 1) s
   where b.key_id = s.key_id;
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

-- Makes the budgets of these keys what their guardrails say, while requests run: open holds move into a budget or out of it, and
-- what was spent since its window began is read from the log.
create function guardrail_budgets_set(p_keys uuid[]) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  perform 1 from holds where key_id = any (p_keys) and status = 'open' order by id for update;
  perform 1 from api_keys where id = any (p_keys) order by id for update;
  -- A hold opened while we waited for the key may be settling by now, waiting for it too: Postgres then ends one of the
  -- two with 40P01, and whoever asked asks again.
  update api_keys k set budgeted = not k.budgeted
   where k.id = any (p_keys) and k.budgeted is distinct from
     exists (select 1 from guardrail_keys b join guardrails g on g.id = b.guardrail_id where b.key_id = k.id and g.limit_nano is not null);
  update holds h set on_budget = k.budgeted from api_keys k
   where k.id = h.key_id and h.key_id = any (p_keys) and h.status = 'open' and h.on_budget is distinct from k.budgeted;
  update guardrail_keys b set limit_nano = g.limit_nano, reset = g.reset, counts_byok = g.counts_byok, window_start = w.since,
         held_nano = case when g.limit_nano is null then 0 else
           (select coalesce(sum(limit_part(amount_nano, with_byok_nano, g.counts_byok)), 0) from holds h where h.key_id = b.key_id and h.status = 'open') end,
         spent_nano = case when g.limit_nano is null then 0 else
           (select coalesce(sum(limit_part(cost_nano, cost_nano + byok_usage_nano, g.counts_byok)), 0) from generations l
             where l.key_id = b.key_id and l.created_at >= w.since) end
    from guardrails g, lateral (select window_start(g.reset, clock_timestamp()) as since) w
   where g.id = b.guardrail_id and b.key_id = any (p_keys);
end $$;
--> statement-breakpoint

-- Changes of a guardrail what is named, columns by their names and of its rules each by itself, and the budgets of its keys with
-- it. Empty: the account has none of this id.
create function guardrail_change(p_account uuid, p_id uuid, p_change jsonb) returns setof guardrails
language plpgsql set search_path = public, pg_temp as $$
declare v_old guardrails; v_new guardrails;
begin
  select g.* into v_old from guardrails g where g.id = p_id and g.account_id = p_account for update;
  if not found then return; end if;
  v_new := jsonb_populate_record(v_old, p_change - 'rules');
  update guardrails set name = v_new.name, description = v_new.description, limit_nano = v_new.limit_nano, reset = v_new.reset,
         counts_byok = v_new.counts_byok,
         rules = jsonb_strip_nulls(v_old.rules || coalesce(p_change -> 'rules', '{}')), updated_at = clock_timestamp()
   where id = p_id;
  if p_change ?| array['limit_nano', 'reset', 'counts_byok'] then
    perform guardrail_budgets_set(array(select key_id from guardrail_keys where guardrail_id = p_id));
  end if;
  return query select * from guardrails where id = p_id;
end $$;
--> statement-breakpoint

-- Gives keys a guardrail, in the place of any other that they had. Returns how many; null where the account has no such
-- guardrail, or not all of the keys: then nothing was done.
create function guardrail_assign(p_account uuid, p_id uuid, p_hashes text[]) returns int
language plpgsql set search_path = public, pg_temp as $$
declare v_keys uuid[];
begin
  perform 1 from guardrails where id = p_id and account_id = p_account for update;
  if not found then return null; end if;
  v_keys := array(select id from api_keys where account_id = p_account and hash = any (p_hashes) and deleted_at is null and session_id is null);
  if cardinality(v_keys) < (select count(distinct hash) from unnest(p_hashes) as hash) then return null; end if;
  insert into guardrail_keys (key_id, guardrail_id) select unnest(v_keys), p_id
    on conflict (key_id) do update set guardrail_id = excluded.guardrail_id, created_at = clock_timestamp()
      where guardrail_keys.guardrail_id <> excluded.guardrail_id;
  perform guardrail_budgets_set(v_keys);
  return cardinality(v_keys);
end $$;
--> statement-breakpoint

-- Takes a guardrail from keys, or from all that have it. Returns how many had it; null where the account has no such guardrail.
create function guardrail_unassign(p_account uuid, p_id uuid, p_hashes text[] default null) returns int
language plpgsql set search_path = public, pg_temp as $$
declare v_keys uuid[];
begin
  perform 1 from guardrails where id = p_id and account_id = p_account for update;
  if not found then return null; end if;
  with gone as (
    delete from guardrail_keys b using api_keys k
     where k.id = b.key_id and b.guardrail_id = p_id and (p_hashes is null or k.hash = any (p_hashes)) returning b.key_id
  ) select coalesce(array_agg(key_id), '{}') into v_keys from gone;
  perform guardrail_budgets_set(v_keys);
  return cardinality(v_keys);
end $$;
--> statement-breakpoint

-- What each budget has set aside and spent, against open holds and the log.
create view budget_drift as
  select b.key_id, b.held_nano - coalesce(h.total, 0) as held_drift_nano,
         case when b.limit_nano is null then 0 else b.spent_nano - coalesce(l.total, 0) end as spent_drift_nano
    from guardrail_keys b
    left join lateral (select sum(limit_part(amount_nano, with_byok_nano, b.counts_byok)) as total
                         from holds where key_id = b.key_id and status = 'open' and on_budget) h on true
    left join lateral (select sum(limit_part(cost_nano, cost_nano + byok_usage_nano, b.counts_byok)) as total
                         from generations where key_id = b.key_id and created_at >= b.window_start) l on true
   where b.held_nano is distinct from coalesce(h.total, 0)
      or (b.limit_nano is not null and b.spent_nano is distinct from coalesce(l.total, 0));
