-- Creates the monthly partitions that are missing, and returns how many it created. The month before the current one is
-- included: a clock that is slightly late must not fail on the first day of a month.
create or replace function app.ensure_partitions(months_ahead int default 3) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' set timezone = 'UTC' as $$
declare
  parent record;
  month timestamp;
  child text;
  lower_bound uuid;
  upper_bound uuid;
  made int := 0;
begin
  for parent in
    select c.oid::regclass as id, c.relname, a.attname as key
    from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
    where c.relnamespace = 'app'::regnamespace and p.partstrat = 'r'
    order by c.relname
  loop
    for month in
      select generate_series(date_trunc('month', app.now()::timestamp) - interval '1 month',
        date_trunc('month', app.now()::timestamp) + make_interval(months => months_ahead), '1 month')
    loop
      child := parent.relname || to_char(month, '_YYYY_MM');
      continue when to_regclass(format('app.%I', child)) is not null;
      lower_bound := app.uuid_floor(month::timestamptz);
      upper_bound := app.uuid_floor((month + interval '1 month')::timestamptz);
      execute format('create table app.%I (like %s including all)', child, parent.id);
      call app.isolate(format('app.%I', child)::regclass);
      -- With this check ATTACH does not scan the partition.
      execute format('alter table app.%I add constraint month check (%I >= %L and %I < %L)', child, parent.key, lower_bound, parent.key, upper_bound);
      execute format('alter table %s attach partition app.%I for values from (%L) to (%L)', parent.id, child, lower_bound, upper_bound);
      made := made + 1;
    end loop;
  end loop;
  return made;
end $$;
grant execute on function app.ensure_partitions(int) to resolve_system;
