-- The monthly partitions of the tables that have them, oldest first.
create or replace function app.months() returns table (parent text, month date, size_bytes bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.relname::text, to_date(right(c.relname, 7), 'YYYY_MM'), pg_total_relation_size(c.oid)
  from pg_partitioned_table t join pg_class p on p.oid = t.partrelid join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
  where p.relnamespace = 'app'::regnamespace and t.partstrat = 'r' order by 2, 1
$$;
grant execute on function app.months() to resolve_system, resolve_platform;
