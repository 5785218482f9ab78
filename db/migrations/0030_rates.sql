CREATE UNLOGGED TABLE "rate_counters" (
	"subject" uuid NOT NULL,
	"what" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"counted" bigint NOT NULL,
	"before" bigint NOT NULL,
	CONSTRAINT "rate_counters_subject_what_pk" PRIMARY KEY("subject","what")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "requests_per_minute" integer;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "tokens_per_minute" integer;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "parallel_requests" integer;--> statement-breakpoint
CREATE INDEX "ledger_given" ON "ledger" USING btree ("account_id") WHERE kind not in ('usage', 'usage_late');--> statement-breakpoint

-- As holds_open, for requests of which there may be only so many: a key's a minute, its tokens a minute, and how many at once; an
-- account's of free models. An item has beside what it has there `tokens`, which it is expected to count, and for a free model
-- `free`: {minute, day, day_paid, paid_nano}.
--   outcome: those of holds_open, and rate_limit: `rate` is the counter that is full, of `rate_most`, with `rate_left`; at
--            `resets_at` there is room for this request again (null: when another has ended, or never).
-- Only what is opened is counted. A window goes on into the next: of what was counted in the one before, that part counts which
-- is likely to lie within the last minute. So nobody has twice his rate at the turn of a minute.
-- Counters are written with their account's lock, which everything has that opens a hold; the locks are those of holds_open.
create function holds_open_within_rates(p_items jsonb, p_lifetime interval)
returns table (hold_id text, outcome text, granted_nano bigint, room_nano bigint, resets_at timestamptz, granted_with_byok_nano bigint,
               rate text, rate_most bigint, rate_left bigint)
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_keys uuid[]; v_at timestamptz; v_day bigint; v_used bigint; v_room bigint;
  c rate_counters; v_taken rate_counters[]; item record; r record; opened record;
begin
  v_keys := array(select k.id from api_keys k where k.id in (select (i ->> 'key_id')::uuid from jsonb_array_elements(p_items) i) order by k.id for key share skip locked);
  perform 1 from api_keys k where k.id = any (v_keys) and k.limit_nano is not null order by k.id for no key update;
  perform 1 from accounts a where a.id in (select k.account_id from api_keys k where k.id = any (v_keys)) order by a.id for no key update;
  v_at := clock_timestamp();

  for item in
    select i.whole, i.whole ->> 'id' as id, coalesce((i.whole ->> 'tokens')::bigint, 0) as tokens, i.whole -> 'free' as free,
           k.id as key_id, k.account_id, k.requests_per_minute, k.tokens_per_minute, k.parallel_requests
      from jsonb_array_elements(p_items) with ordinality as i(whole, n)
      left join api_keys k on k.id = (i.whole ->> 'key_id')::uuid
     order by k.account_id, k.id, i.n
  loop
    hold_id := item.id; granted_nano := 0; room_nano := 0; resets_at := null; granted_with_byok_nano := null;
    rate := null; rate_most := null; rate_left := null; v_taken := '{}';
    if item.key_id <> all (v_keys) then
      outcome := 'busy'; return next; continue;
    end if;

    if not exists (select 1 from holds h where h.id = item.id) then
      if item.parallel_requests <= (select count(*) from holds h where h.status = 'open' and h.key_id = item.key_id and h.expires_at > v_at) then
        rate := 'parallel'; rate_most := item.parallel_requests; rate_left := 0;
      end if;
      v_day := (item.free ->> 'day')::bigint;
      if (item.free ->> 'day_paid')::bigint > v_day and (select coalesce(sum(l.amount_nano), 0) from ledger l
           where l.account_id = item.account_id and l.kind not in ('usage', 'usage_late') and l.kind <> 'promo') >= (item.free ->> 'paid_nano')::bigint then
        v_day := (item.free ->> 'day_paid')::bigint;
      end if;
      for r in
        select * from (values
          (item.key_id, 'requests', item.requests_per_minute::bigint, 1::bigint, interval '1 minute', v_at),
          (item.key_id, 'tokens', item.tokens_per_minute::bigint, item.tokens, interval '1 minute', v_at),
          (item.account_id, 'free', (item.free ->> 'minute')::bigint, 1, interval '1 minute', v_at),
          (item.account_id, 'free ' || to_char(v_at at time zone 'utc', 'YYYY-MM-DD'), v_day, 1, interval '1 day',
           date_trunc('day', v_at at time zone 'utc') at time zone 'utc')
        ) as v(subject, what, most, amount, span, begins) where v.most is not null
      loop
        exit when rate is not null;
        select k.* into c from rate_counters k where k.subject = r.subject and k.what = r.what for update;
        if not found or v_at >= c.since + 2 * r.span then
          c := row(r.subject, r.what, r.begins, 0, 0);
        elsif v_at >= c.since + r.span then
          c := row(r.subject, r.what, c.since + r.span, 0, c.counted);
        end if;
        v_used := c.counted + ceil(c.before * (1 - extract(epoch from v_at - c.since) / extract(epoch from r.span)))::bigint;
        if v_used + r.amount > r.most then
          rate := r.what; rate_most := r.most; rate_left := greatest(0, r.most - v_used);
          v_room := r.most - r.amount;
          resets_at := case
            when v_room < 0 then null
            when r.span = interval '1 day' then c.since + r.span
            when c.counted <= v_room then c.since + r.span * (1 - (v_room - c.counted)::float8 / c.before)
            else c.since + r.span * (2 - v_room::float8 / c.counted) end;
        else
          c.counted := c.counted + r.amount;
          v_taken := v_taken || c;
        end if;
      end loop;
    end if;

    if rate is not null then
      outcome := 'rate_limit'; return next; continue;
    end if;
    select o.* into opened from holds_open(jsonb_build_array(item.whole), p_lifetime) o;
    outcome := opened.outcome; granted_nano := opened.granted_nano; room_nano := opened.room_nano;
    resets_at := opened.resets_at; granted_with_byok_nano := opened.granted_with_byok_nano;
    if outcome = 'ok' then
      insert into rate_counters as k select t.* from unnest(v_taken) as t
        on conflict on constraint rate_counters_subject_what_pk do update set since = excluded.since, counted = excluded.counted, before = excluded.before;
    end if;
    return next;
  end loop;
end $$;
--> statement-breakpoint

-- A request has counted more, or less, than it was expected to when it was admitted: what is more counts now, what is less never did.
create function rate_correct(p_subject uuid, p_what text, p_delta bigint, p_ago interval) returns void
language sql set search_path = public, pg_temp as $$
  update rate_counters c set
    since = case when p_delta < 0 or n.age < 1 then c.since when n.age < 2 then c.since + interval '1 minute' else n.at end,
    counted = case
      when p_delta < 0 then case when n.at - p_ago >= c.since then greatest(0, c.counted + p_delta) else c.counted end
      when n.age < 1 then c.counted + p_delta else p_delta end,
    before = case
      when p_delta < 0 then case when n.at - p_ago < c.since then greatest(0, c.before + p_delta) else c.before end
      when n.age < 1 then c.before when n.age < 2 then c.counted else 0 end
  from (select clock_timestamp() as at, extract(epoch from clock_timestamp() - k.since) / 60 as age from rate_counters k
         where k.subject = p_subject and k.what = p_what) n
  where c.subject = p_subject and c.what = p_what
$$;
