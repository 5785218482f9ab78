-- As before, and where a server has run past the months that were made for it, what the default partition caught of a month
-- is moved into the month's own: Postgres makes no partition beside rows that belong in it.
create or replace function generations_make_partitions(p_ahead int) returns void
language plpgsql set search_path = public, pg_temp as $$
declare v_months date[]; v_month date; v_name text; v_from timestamptz; v_to timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('generations_make_partitions'));
  select array_agg(m order by m) into v_months from (
    select (date_trunc('month', now() at time zone 'utc') + make_interval(months => o))::date as m from generate_series(0, p_ahead) o
    union select distinct date_trunc('month', created_at at time zone 'utc')::date from generations_default) months;
  foreach v_month in array v_months loop
    v_name := 'generations_' || to_char(v_month, 'YYYY_MM');
    continue when to_regclass(v_name) is not null;
    v_from := v_month::timestamp at time zone 'utc';
    v_to := (v_month + interval '1 month')::timestamp at time zone 'utc';
    -- Nobody writes between the move and the attachment; who reads meanwhile waits, and finds every row once.
    lock table generations in access exclusive mode;
    execute format('create table %I (like generations including all)', v_name);
    execute format('with caught as (delete from generations_default where created_at >= %L and created_at < %L returning *)
      insert into %I select * from caught', v_from, v_to, v_name);
    execute format('alter table generations attach partition %I for values from (%L) to (%L)', v_name, v_from, v_to);
  end loop;
end $$;
