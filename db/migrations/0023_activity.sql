CREATE TABLE "activity" (
	"account_id" uuid NOT NULL,
	"grain" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"key_id" uuid NOT NULL,
	"model_slug" text NOT NULL,
	"provider_slug" text,
	"endpoint_id" uuid,
	"app" text,
	"app_title" text,
	"requests" integer DEFAULT 0 NOT NULL,
	"errors" integer DEFAULT 0 NOT NULL,
	"cancelled" integer DEFAULT 0 NOT NULL,
	"streamed" integer DEFAULT 0 NOT NULL,
	"prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_tokens" bigint DEFAULT 0 NOT NULL,
	"completion_tokens" bigint DEFAULT 0 NOT NULL,
	"reasoning_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_nano" bigint DEFAULT 0 NOT NULL,
	"byok_usage_nano" bigint DEFAULT 0 NOT NULL,
	"most_nano" bigint DEFAULT 0 NOT NULL,
	"total_ms" bigint DEFAULT 0 NOT NULL,
	"speed_tokens" bigint DEFAULT 0 NOT NULL,
	"speed_ms" bigint DEFAULT 0 NOT NULL,
	"first_0" integer DEFAULT 0 NOT NULL,
	"first_1" integer DEFAULT 0 NOT NULL,
	"first_2" integer DEFAULT 0 NOT NULL,
	"first_3" integer DEFAULT 0 NOT NULL,
	"first_4" integer DEFAULT 0 NOT NULL,
	"first_5" integer DEFAULT 0 NOT NULL,
	"first_6" integer DEFAULT 0 NOT NULL,
	"first_7" integer DEFAULT 0 NOT NULL,
	"first_8" integer DEFAULT 0 NOT NULL,
	"first_9" integer DEFAULT 0 NOT NULL,
	"first_10" integer DEFAULT 0 NOT NULL,
	"first_11" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "activity_identity" UNIQUE NULLS NOT DISTINCT("account_id","grain","at","key_id","model_slug","provider_slug","endpoint_id","app")
);
--> statement-breakpoint
CREATE TABLE "activity_stale" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "activity_stale_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "activity_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"rolled_until" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone,
	"seen_transaction" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_days" (
	"day" date NOT NULL,
	"model_slug" text NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"completion_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "model_days_day_model_slug_pk" PRIMARY KEY("day","model_slug")
);
--> statement-breakpoint
CREATE INDEX "activity_stale_account" ON "activity_stale" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "generations_time" ON "generations" USING brin ("created_at") WITH (pages_per_range=32,autosummarize=true);
--> statement-breakpoint
-- The log in sums. Requests write nothing for it: a roller reads what has come since it last looked, and whoever asks gets
-- the sums and, from the log itself, what is not in them yet. So every figure is exact at every snapshot.

-- A row of the log in the columns of the sums, and where its time to the first token falls.
create view generation_figures as
select g.account_id, g.created_at, g.key_id, g.model_slug, g.provider_slug, g.endpoint_id, coalesce(g.app_url, g.app_title) as app,
       g.app_title, 1 as requests, (g.outcome in ('failed', 'expired'))::int as errors, (g.outcome = 'cancelled')::int as cancelled,
       g.streamed::int as streamed,
       (g.input_tokens::bigint + g.cache_read_tokens + g.cache_write_tokens + g.cache_write_hour_tokens + g.audio_tokens) as prompt_tokens,
       g.cache_read_tokens::bigint as cached_tokens, (g.output_tokens::bigint + g.reasoning_tokens) as completion_tokens,
       g.reasoning_tokens::bigint as reasoning_tokens, g.cost_nano, g.byok_usage_nano, g.cost_nano as most_nano,
       coalesce(g.total_ms, 0)::bigint as total_ms,
       case when f.timed then g.output_tokens::bigint + g.reasoning_tokens else 0 end as speed_tokens,
       case when f.timed then (g.total_ms - g.first_token_ms)::bigint else 0 end as speed_ms,
       (f.bucket = 0)::int as first_0, (f.bucket = 1)::int as first_1, (f.bucket = 2)::int as first_2, (f.bucket = 3)::int as first_3,
       (f.bucket = 4)::int as first_4, (f.bucket = 5)::int as first_5, (f.bucket = 6)::int as first_6, (f.bucket = 7)::int as first_7,
       (f.bucket = 8)::int as first_8, (f.bucket = 9)::int as first_9, (f.bucket = 10)::int as first_10, (f.bucket = 11)::int as first_11
  from generations g
 cross join lateral (
   select coalesce(width_bucket(g.first_token_ms, array[100, 200, 300, 500, 750, 1000, 1500, 2500, 5000, 10000, 30000]), -1) as bucket,
          coalesce(g.total_ms > g.first_token_ms, false) as timed) f;
--> statement-breakpoint
-- A row that is changed after it was summed makes its account's hour stale, and so does one that comes too late to have a
-- hold that was open: a hold lives an hour at most, and the roller stays behind the oldest. What a settlement writes in time
-- marks nothing. Marks are only added here, and never found to be there already, so that none is lost to a roller at work.
create function activity_mark_stale() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into activity_stale (account_id, hour)
    select distinct r.account_id, date_trunc('hour', r.created_at, 'UTC')
      from (select (old).account_id, (old).created_at where tg_op <> 'INSERT'
            union all select (new).account_id, (new).created_at where tg_op <> 'DELETE') r;
  return null;
end $$;
--> statement-breakpoint
create trigger generations_changed after update or delete on generations for each row execute function activity_mark_stale();
--> statement-breakpoint
create trigger generations_late after insert on generations for each row
  when (new.created_at < clock_timestamp() - interval '61 minutes') execute function activity_mark_stale();
--> statement-breakpoint
insert into activity_state (rolled_until)
  select coalesce(date_trunc('hour', min(created_at), 'UTC'), clock_timestamp()) from generations;
--> statement-breakpoint

-- Adds a stretch of the log, which lies within one hour, to the sums; with an account, what the log has more of that hour
-- of his than the sums have.
create function activity_fold(p_from timestamptz, p_until timestamptz, p_account uuid default null) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare v_hour timestamptz := date_trunc('hour', p_from, 'UTC'); v_day timestamptz := date_trunc('day', p_from, 'UTC');
begin
  with logged as (
    select account_id, key_id, model_slug, provider_slug, endpoint_id, app, max(app_title) as app_title,
           sum(requests)::int as requests, sum(errors)::int as errors, sum(cancelled)::int as cancelled,
           sum(streamed)::int as streamed, sum(prompt_tokens)::bigint as prompt_tokens,
           sum(cached_tokens)::bigint as cached_tokens, sum(completion_tokens)::bigint as completion_tokens,
           sum(reasoning_tokens)::bigint as reasoning_tokens, sum(cost_nano)::bigint as cost_nano,
           sum(byok_usage_nano)::bigint as byok_usage_nano, max(most_nano) as most_nano, sum(total_ms)::bigint as total_ms,
           sum(speed_tokens)::bigint as speed_tokens, sum(speed_ms)::bigint as speed_ms, sum(first_0)::int as first_0,
           sum(first_1)::int as first_1, sum(first_2)::int as first_2, sum(first_3)::int as first_3,
           sum(first_4)::int as first_4, sum(first_5)::int as first_5, sum(first_6)::int as first_6,
           sum(first_7)::int as first_7, sum(first_8)::int as first_8, sum(first_9)::int as first_9,
           sum(first_10)::int as first_10, sum(first_11)::int as first_11
      from generation_figures
     where created_at >= p_from and created_at < p_until and (p_account is null or account_id = p_account)
     group by account_id, key_id, model_slug, provider_slug, endpoint_id, app
  ), change as (
    select * from logged
    union all
    select account_id, key_id, model_slug, provider_slug, endpoint_id, app, app_title,
           -requests, -errors, -cancelled, -streamed, -prompt_tokens, -cached_tokens, -completion_tokens, -reasoning_tokens,
           -cost_nano, -byok_usage_nano, 0, -total_ms, -speed_tokens, -speed_ms, -first_0, -first_1, -first_2, -first_3,
           -first_4, -first_5, -first_6, -first_7, -first_8, -first_9, -first_10, -first_11
      from activity where p_account is not null and account_id = p_account and grain = 'hour' and at = v_hour
  ), net as (
    select account_id, key_id, model_slug, provider_slug, endpoint_id, app, max(app_title) as app_title,
           sum(requests)::int as requests, sum(errors)::int as errors, sum(cancelled)::int as cancelled,
           sum(streamed)::int as streamed, sum(prompt_tokens)::bigint as prompt_tokens,
           sum(cached_tokens)::bigint as cached_tokens, sum(completion_tokens)::bigint as completion_tokens,
           sum(reasoning_tokens)::bigint as reasoning_tokens, sum(cost_nano)::bigint as cost_nano,
           sum(byok_usage_nano)::bigint as byok_usage_nano, max(most_nano) as most_nano, sum(total_ms)::bigint as total_ms,
           sum(speed_tokens)::bigint as speed_tokens, sum(speed_ms)::bigint as speed_ms, sum(first_0)::int as first_0,
           sum(first_1)::int as first_1, sum(first_2)::int as first_2, sum(first_3)::int as first_3,
           sum(first_4)::int as first_4, sum(first_5)::int as first_5, sum(first_6)::int as first_6,
           sum(first_7)::int as first_7, sum(first_8)::int as first_8, sum(first_9)::int as first_9,
           sum(first_10)::int as first_10, sum(first_11)::int as first_11
      from change group by account_id, key_id, model_slug, provider_slug, endpoint_id, app
  ), models as (
    insert into model_days as m (day, model_slug, requests, errors, prompt_tokens, completion_tokens)
      select (v_day at time zone 'utc')::date, model_slug, sum(requests), sum(errors), sum(prompt_tokens), sum(completion_tokens)
        from net group by model_slug order by model_slug
    on conflict (day, model_slug) do update set requests = m.requests + excluded.requests, errors = m.errors + excluded.errors,
      prompt_tokens = m.prompt_tokens + excluded.prompt_tokens, completion_tokens = m.completion_tokens + excluded.completion_tokens
  )
  insert into activity as a (account_id, grain, at, key_id, model_slug, provider_slug, endpoint_id, app, app_title, requests, errors, cancelled,
      streamed, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, cost_nano, byok_usage_nano, most_nano,
      total_ms, speed_tokens, speed_ms, first_0, first_1, first_2, first_3, first_4, first_5, first_6, first_7, first_8,
      first_9, first_10, first_11)
    select account_id, g.grain, g.at, key_id, model_slug, provider_slug, endpoint_id, app, app_title, requests, errors, cancelled, streamed,
           prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, cost_nano, byok_usage_nano, most_nano,
           total_ms, speed_tokens, speed_ms, first_0, first_1, first_2, first_3, first_4, first_5, first_6, first_7, first_8,
           first_9, first_10, first_11
      from net cross join (values ('hour', v_hour), ('day', v_day)) as g(grain, at)
  on conflict on constraint activity_identity do update set
      requests = a.requests + excluded.requests, errors = a.errors + excluded.errors,
      cancelled = a.cancelled + excluded.cancelled, streamed = a.streamed + excluded.streamed,
      prompt_tokens = a.prompt_tokens + excluded.prompt_tokens, cached_tokens = a.cached_tokens + excluded.cached_tokens,
      completion_tokens = a.completion_tokens + excluded.completion_tokens,
      reasoning_tokens = a.reasoning_tokens + excluded.reasoning_tokens, cost_nano = a.cost_nano + excluded.cost_nano,
      byok_usage_nano = a.byok_usage_nano + excluded.byok_usage_nano, total_ms = a.total_ms + excluded.total_ms,
      speed_tokens = a.speed_tokens + excluded.speed_tokens, speed_ms = a.speed_ms + excluded.speed_ms,
      first_0 = a.first_0 + excluded.first_0, first_1 = a.first_1 + excluded.first_1, first_2 = a.first_2 + excluded.first_2,
      first_3 = a.first_3 + excluded.first_3, first_4 = a.first_4 + excluded.first_4, first_5 = a.first_5 + excluded.first_5,
      first_6 = a.first_6 + excluded.first_6, first_7 = a.first_7 + excluded.first_7, first_8 = a.first_8 + excluded.first_8,
      first_9 = a.first_9 + excluded.first_9, first_10 = a.first_10 + excluded.first_10,
      first_11 = a.first_11 + excluded.first_11,
      app_title = greatest(a.app_title, excluded.app_title), most_nano = greatest(a.most_nano, excluded.most_nano);
  if p_account is not null then
    delete from activity where account_id = p_account and requests = 0 and ((grain = 'hour' and at = v_hour) or (grain = 'day' and at = v_day));
    delete from model_days where day = (v_day at time zone 'utc')::date and requests = 0;
  end if;
end $$;
--> statement-breakpoint

-- Sums up what the log has more than the sums, by whichever replica comes first, for about p_budget. Returns null when
-- another one is at it, else {until, behind}: how far the sums go, and whether time ran out before the end.
--
-- A row of the log has the time at which its hold was opened, and is written when that is resolved. So the sums may go as
-- far as there is no open hold, and nobody who may yet open one: up to when the last roller looked, once every
-- transaction that had begun then is over, less p_margin for a clock that is set back.
create function activity_roll(p_budget interval default '20 seconds', p_margin interval default '30 seconds') returns jsonb
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  v_started timestamptz := clock_timestamp(); v_transaction bigint; v_active bigint; v_state activity_state;
  v_until timestamptz; v_target timestamptz; item record;
begin
  if not pg_try_advisory_xact_lock(hashtext('activity_roll')) then return null; end if;
  v_transaction := pg_current_xact_id()::text::bigint; -- only now: who opened a hold before v_started had drawn a lower number
  v_active := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  select * into v_state from activity_state;
  v_until := v_state.rolled_until; v_target := v_until;
  -- A number from the future is one of the server that this database was restored from.
  if v_state.seen_at is not null and (v_active > v_state.seen_transaction or v_state.seen_transaction > v_transaction) then
    v_target := greatest(v_until, least(v_state.seen_at - p_margin, (select min(created_at) from holds where status = 'open')));
  end if;
  while v_until < v_target loop
    v_state.rolled_until := least(v_target, date_trunc('hour', v_until, 'UTC') + interval '1 hour');
    perform activity_fold(v_until, v_state.rolled_until);
    v_until := v_state.rolled_until;
    exit when clock_timestamp() > v_started + p_budget;
  end loop;

  -- What the marks tell of is seen by what follows, whose snapshots are later; marks made meanwhile stay for the next time.
  for item in with taken as (delete from activity_stale returning account_id, hour)
    select distinct account_id, hour from taken where hour < v_until order by 1, 2
  loop
    perform activity_fold(item.hour, least(item.hour + interval '1 hour', v_until), item.account_id);
  end loop;

  update activity_state set rolled_until = v_until,
    seen_at = case when v_until < v_target then seen_at else v_started end,
    seen_transaction = case when v_until < v_target then seen_transaction else v_transaction end;
  return jsonb_build_object('until', v_until, 'behind', v_until < v_target);
end $$;
--> statement-breakpoint

-- An account's activity by hours or days, with what is not summed yet from the log: rows of p_from <= at < p_until, both
-- of them where an hour or a day begins. Figures add up; titles and the most do not.
create function activity_between(p_account uuid, p_grain text, p_from timestamptz, p_until timestamptz) returns setof activity
language sql stable as $$
  with state as materialized (select rolled_until from activity_state),
  stale as materialized (
    select distinct date_trunc(p_grain, hour, 'UTC') as at from activity_stale where account_id = p_account)
  select a.account_id, a.grain, a.at, a.key_id, a.model_slug, a.provider_slug, a.endpoint_id, a.app, a.app_title, a.requests,
         a.errors, a.cancelled, a.streamed, a.prompt_tokens, a.cached_tokens, a.completion_tokens, a.reasoning_tokens,
         a.cost_nano, a.byok_usage_nano, a.most_nano, a.total_ms, a.speed_tokens, a.speed_ms, a.first_0, a.first_1,
         a.first_2, a.first_3, a.first_4, a.first_5, a.first_6, a.first_7, a.first_8, a.first_9, a.first_10, a.first_11
    from activity a
   where a.account_id = p_account and a.grain = p_grain and a.at >= p_from and a.at < p_until
     and a.at not in (select s.at from stale s)
  union all
  select f.account_id, p_grain, date_trunc(p_grain, f.created_at, 'UTC'), f.key_id, f.model_slug, f.provider_slug, f.endpoint_id, f.app, f.app_title, f.requests, f.errors, f.cancelled,
         f.streamed, f.prompt_tokens, f.cached_tokens, f.completion_tokens, f.reasoning_tokens, f.cost_nano,
         f.byok_usage_nano, f.most_nano, f.total_ms, f.speed_tokens, f.speed_ms, f.first_0, f.first_1, f.first_2, f.first_3,
         f.first_4, f.first_5, f.first_6, f.first_7, f.first_8, f.first_9, f.first_10, f.first_11
    from generation_figures f
   where f.account_id = p_account and f.created_at < p_until
     and f.created_at >= greatest(p_from, (select s.rolled_until from state s))
  union all
  select f.account_id, p_grain, s.at, f.key_id, f.model_slug, f.provider_slug, f.endpoint_id, f.app, f.app_title, f.requests, f.errors, f.cancelled,
         f.streamed, f.prompt_tokens, f.cached_tokens, f.completion_tokens, f.reasoning_tokens, f.cost_nano,
         f.byok_usage_nano, f.most_nano, f.total_ms, f.speed_tokens, f.speed_ms, f.first_0, f.first_1, f.first_2, f.first_3,
         f.first_4, f.first_5, f.first_6, f.first_7, f.first_8, f.first_9, f.first_10, f.first_11
    from stale s
    join generation_figures f on f.account_id = p_account and f.created_at >= s.at
     and f.created_at < least(s.at + ('1 ' || p_grain)::interval, (select t.rolled_until from state t))
   where s.at >= p_from and s.at < p_until
$$;
--> statement-breakpoint

-- The books, continued: empty at every snapshot. What the sums say of each account's days, and of each model's.
create view activity_drift as
  with logged as (
    select f.account_id, date_trunc('day', f.created_at, 'UTC') as at, f.model_slug, sum(f.requests) as requests, sum(f.cost_nano) as cost_nano,
           sum(f.prompt_tokens) + sum(f.completion_tokens) as tokens
      from generation_figures f
     where f.created_at < (select rolled_until from activity_state)
     group by 1, 2, 3
  ), summed as (
    select account_id, date_trunc('day', at, 'UTC') as at, model_slug,
           sum(requests) filter (where grain = 'hour') as hour_requests, sum(requests) filter (where grain = 'day') as requests,
           sum(cost_nano) filter (where grain = 'hour') as hour_cost_nano, sum(cost_nano) filter (where grain = 'day') as cost_nano,
           sum(prompt_tokens + completion_tokens) filter (where grain = 'day') as tokens
      from activity group by 1, 2, 3
  )
  select coalesce(l.account_id, s.account_id) as account_id, coalesce(l.at, s.at) as at, coalesce(l.model_slug, s.model_slug) as model_slug,
         coalesce(l.requests, 0) as log_requests, coalesce(s.requests, 0) as day_requests, coalesce(s.hour_requests, 0) as hour_requests,
         coalesce(l.cost_nano, 0) as log_nano, coalesce(s.cost_nano, 0) as day_nano, coalesce(s.hour_cost_nano, 0) as hour_nano
    from logged l full join summed s on s.account_id = l.account_id and s.at = l.at and s.model_slug = l.model_slug
   where (l.requests is distinct from s.requests or l.cost_nano is distinct from s.cost_nano or l.tokens is distinct from s.tokens
          or s.hour_requests is distinct from s.requests or s.hour_cost_nano is distinct from s.cost_nano)
     and not exists (select from activity_stale t where t.account_id = coalesce(l.account_id, s.account_id)
                       and date_trunc('day', t.hour, 'UTC') = coalesce(l.at, s.at))
  union all
  select null, m.day::timestamp at time zone 'utc', m.model_slug, s.requests, m.requests, null, null, null, null
    from model_days m
    full join (select (at at time zone 'utc')::date as day, model_slug, sum(requests) as requests,
                      sum(prompt_tokens + completion_tokens) as tokens from activity where grain = 'day' group by 1, 2) s
      on s.day = m.day and s.model_slug = m.model_slug
   where m.requests is distinct from s.requests or m.prompt_tokens + m.completion_tokens is distinct from s.tokens;
