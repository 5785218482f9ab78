ALTER TABLE "stripe_catch_up" ADD COLUMN "done_until" timestamp with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
drop function stripe_catch_up_begin(interval);
--> statement-breakpoint
-- Since when to look for events that never came; null for all replicas but one, and until it is time again.
create function stripe_catch_up_begin(p_every interval) returns timestamptz
language plpgsql set search_path = public, pg_temp as $$
declare v_since timestamptz;
begin
  update stripe_catch_up set started_at = clock_timestamp() where started_at < clock_timestamp() - p_every
    returning done_until into v_since;
  return v_since;
end $$;
